//! `cargo xtask …` in the documents is a command that there is.

use std::collections::BTreeSet;

use super::sources::{Source, Sources};
use crate::USAGE;

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let known = known(USAGE);
    let pages = sources.files.iter().filter(|source| source.has_extension("md"));
    pages.flat_map(|page| unknown(page, &known)).collect()
}

/// The first word of each line after the first.
fn known(usage: &str) -> BTreeSet<&str> {
    usage.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect()
}

fn unknown(page: &Source, known: &BTreeSet<&str>) -> Vec<String> {
    let commands = page.text.split("cargo xtask ").skip(1).map(word);
    let unknown = commands.filter(|command| !command.is_empty() && !known.contains(command));
    unknown.map(|command| format!("{}: there is no `cargo xtask {command}`", page.path.display())).collect()
}

/// Up to what can't be part of a command's name.
fn word(text: &str) -> &str {
    text.split(|one: char| !one.is_ascii_alphanumeric() && one != '-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Source, known, unknown};

    #[test]
    fn commands_that_are_not_there_are_found() {
        let known = known("cargo xtask <command>\n  up [--release]  starts\n  compose-smoke  builds");
        let text = "`cargo xtask up`, `cargo xtask compose-smoke`; cargo xtask fly, `cargo xtask <command>`".to_owned();
        let found = unknown(&Source { path: "a.md".into(), text }, &known);
        assert_eq!(found, ["a.md: there is no `cargo xtask fly`"]);
    }
}
