//! What the user sees.

use std::io::{Write, stderr, stdout};
use std::time::Duration;

/// A line of its own.
pub(crate) fn line(text: &str) {
    // Who reads us through `head` may stop reading.
    writeln!(stdout(), "{text}").ok();
}

/// What is being done now, for things that take long.
pub(crate) fn begins(what: &str) {
    line(&format!("    … {what}"));
}

/// A step that went well.
pub(crate) fn done(what: &str, took: Duration) {
    line(&format!("    ✓ {what:<58} {:>7.1} s", took.as_secs_f32()));
}

/// What went wrong.
pub(crate) fn trouble(text: &str) {
    writeln!(stderr(), "\n    ✗ {}", text.trim_end()).ok();
}
