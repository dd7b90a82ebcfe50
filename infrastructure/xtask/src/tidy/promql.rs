//! What a question to Prometheus names: meters and labels. Enough of its language for our own alerts and dashboards.

use std::collections::BTreeSet;

/// Words before a list of labels in parentheses.
const BEFORE_LABELS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
const WORDS: [&str; 6] = ["and", "or", "unless", "bool", "offset", "inf"];

/// What a question names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) meters: BTreeSet<&'a str>,
    pub(super) labels: BTreeSet<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Sign(char),
}

/// The questions of a document: its blocks that are marked `promql`.
pub(crate) fn questions(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.split("\n```promql\n").skip(1).filter_map(|rest| rest.split("\n```").next())
}

pub(super) fn named(question: &str) -> Named<'_> {
    let tokens = tokens(question);
    let mut named = Named::default();
    // Within braces, brackets, and the parentheses after `by` and the like.
    let (mut braces, mut brackets, mut listing) = (false, false, false);
    for (at, token) in tokens.iter().enumerate() {
        let (next, before) = (tokens.get(at + 1), at.checked_sub(1).and_then(|at| tokens.get(at)));
        match token {
            Token::Sign('{') => braces = true,
            Token::Sign('}') => braces = false,
            Token::Sign('[') => brackets = true,
            Token::Sign(']') => brackets = false,
            Token::Sign('(') => listing = matches!(before, Some(Token::Word(word)) if BEFORE_LABELS.contains(word)),
            Token::Sign(')') => listing = false,
            Token::Word(word) if braces || listing => drop(named.labels.insert(word)),
            Token::Word(_) if brackets || is_called(next) => {}
            Token::Word(word) if WORDS.contains(word) => {}
            Token::Word(word) => drop(named.meters.insert(word)),
            Token::Sign(_) => {}
        }
    }
    named
}

/// Whether a function or an aggregation stands before this: `rate(`, `sum by (`.
fn is_called(next: Option<&Token<'_>>) -> bool {
    match next {
        Some(Token::Sign('(')) => true,
        Some(Token::Word(word)) => matches!(*word, "by" | "without"),
        _ => false,
    }
}

/// Names and signs, without strings and numbers.
fn tokens(question: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = question;
    while let Some(first) = rest.chars().next() {
        let is_word = |one: char| one.is_ascii_alphanumeric() || one == '_' || one == ':' || one == '.';
        let length = match first {
            '"' => rest.char_indices().skip(1).find(|(_, one)| *one == '"').map_or(rest.len(), |(at, _)| at + 1),
            one if is_word(one) => rest.find(|one| !is_word(one)).unwrap_or(rest.len()),
            one => one.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match first {
            one if one.is_ascii_alphabetic() || one == '_' => tokens.push(Token::Word(token)),
            one if is_word(one) || one == '"' || one.is_whitespace() => {}
            one => tokens.push(Token::Sign(one)),
        }
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{named, questions};

    #[test]
    fn questions_of_a_document_are_found() {
        let page = "See:\n\n```promql\nup == 0\n```\n\n```sh\nls\n```\n\n```promql\nsum(a)\n```\n";
        assert_eq!(questions(page).collect::<Vec<_>>(), ["up == 0", "sum(a)"]);
    }

    #[test]
    fn meters_and_labels_are_found() {
        let question = "histogram_quantile(0.95, sum by (job, le) (rate(a_bucket{route!~\"b.*\",x=\"y\"}[5m]))) > 2 and on (job) up == 0";
        let found = named(question);
        assert_eq!(found.meters.into_iter().collect::<Vec<_>>(), ["a_bucket", "up"]);
        assert_eq!(found.labels.into_iter().collect::<Vec<_>>(), ["job", "le", "route", "x"]);
    }
}
