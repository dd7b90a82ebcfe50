//! The one place that prints.

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command-line tool talks on standard output")]
pub(crate) fn line(text: &str) {
    println!("{text}");
}
