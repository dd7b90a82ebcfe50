//! The table of problems has what the code says, and nothing else.

use std::collections::BTreeMap;

use crate::tidy::sources::{Source, Sources};

const TABLE: &str = "infrastructure/docs/errors.md";
/// What makes a problem; its name is the first text behind it.
const MAKERS: [&str; 2] = [concat!("Failure::", "new("), concat!("Failure::", "internal(")];
const NAMES: &str = concat!("fn co", "de(&self)");

pub(super) fn check(sources: &Sources) -> Vec<String> {
    let Some(table) = sources.text(TABLE) else { return vec![format!("{TABLE}: is missing")] };
    let known = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let known = known.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect::<Vec<_>>();
    let ours = sources.rust().filter(|source| !source.is_test());
    let mut said = BTreeMap::new();
    for source in ours {
        for name in names(&source.text) {
            said.entry(name).or_insert(source);
        }
    }
    let unknown = said.iter().filter(|(name, _)| !known.contains(name));
    let unknown = unknown.map(|(name, source)| format!("{TABLE}: `{name}` of {} is missing", source.path.display()));
    let unused = known.iter().filter(|name| !is_somewhere(sources, name));
    unknown.chain(unused.map(|name| format!("{TABLE}: nothing says `{name}`"))).collect()
}

fn is_somewhere(sources: &Sources, name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    sources.rust().filter(|source| !source.is_test()).any(|source: &Source| source.text.contains(&quoted))
}

/// The names of problems in a file.
fn names(text: &str) -> Vec<&str> {
    let made = MAKERS.iter().flat_map(|maker| text.split(maker).skip(1)).filter_map(|rest| literals(call(rest)).next());
    let coded = text.split(NAMES).skip(1).filter_map(|rest| rest.split("\n    }").next()).flat_map(literals);
    made.chain(coded).filter(|name| is_name(name)).collect()
}

/// Up to where the call is over, roughly.
fn call(text: &str) -> &str {
    text.split(");").next().unwrap_or(text)
}

fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::{MAKERS, NAMES, names};

    #[test]
    fn names_are_found_where_problems_are_made() {
        let text = format!("{}Kind::Bug, \"a-b\", \"x\");\n{NAMES} {{ Self::A => \"c\", }}\n    }}\n \"d\"", MAKERS[0]);
        assert_eq!(names(&text), ["a-b", "c"]);
    }
}
