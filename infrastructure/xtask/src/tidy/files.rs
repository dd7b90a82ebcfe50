//! A file opens by saying what it is for, ends soon, and has a name that means something.

use std::path::Path;

use super::sources::{Source, Sources};

const LINES_MAX: usize = 250;
const TEST_LINES_MAX: usize = 300;
const DEPTH_MAX: usize = 6;
const ENTRIES_MAX: usize = 12;
const STORIES_MAX: usize = 18;
const EMPTY_WORDS: [&str; 9] = ["manager", "helper", "helpers", "util", "utils", "common", "impl", "data", "info"];

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.rust() {
        findings.extend(header(source));
        findings.extend(length(source));
        findings.extend(depth(sources, &source.path));
    }
    findings.extend(sources.files.iter().filter_map(name));
    findings.extend(sources.folders.iter().filter_map(|(folder, count)| entries(folder, *count)));
    findings
}

fn header(source: &Source) -> Option<String> {
    let says = source.text.starts_with("//! ");
    (!says).then(|| format!("{}:1: begins without `//!` and what it is for", source.path.display()))
}

fn length(source: &Source) -> Option<String> {
    let (lines, most) = (source.text.lines().count(), if source.is_test() { TEST_LINES_MAX } else { LINES_MAX });
    (lines > most).then(|| format!("{}: {lines} lines, at most {most} are wanted", source.path.display()))
}

fn depth(sources: &Sources, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(sources.crate_of(path)?).ok()?;
    let depth = inside.iter().count();
    (depth > DEPTH_MAX).then(|| format!("{}: {depth} levels deep, at most {DEPTH_MAX} are wanted", path.display()))
}

fn name(source: &Source) -> Option<String> {
    let is_code = ["rs", "ts", "tsx"].into_iter().any(|extension| source.has_extension(extension));
    let stem = source.path.file_stem()?.to_str()?.to_lowercase();
    let word = stem.split(['_', '-', '.']).find(|word| EMPTY_WORDS.contains(word)).filter(|_| is_code)?;
    Some(format!("{}: `{word}` says nothing", source.path.display()))
}

fn entries(folder: &Path, count: usize) -> Option<String> {
    let holds_code = folder.iter().any(|part| part == "src" || part == "tests");
    // A file per thing a user does, in one binary: stories may be many.
    let most = if folder.ends_with("tests/it") { STORIES_MAX } else { ENTRIES_MAX };
    (holds_code && count > most).then(|| format!("{}: {count} entries, at most {most} are wanted", folder.display()))
}
