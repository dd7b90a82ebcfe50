//! What is wrong with a document, and where.

use std::fmt::Write as _;

/// What kind of wrong it is; who answers makes a status of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not XML, or not JSON: 400.
    Malformed,
    /// Not UTF-8, and says so: 415.
    Encoding,
    /// Longer than a body may be: 413.
    TooBig,
    /// Deeper, or with more or longer names than may be: 400.
    Limit,
    /// Well-formed, but not what the schema describes, or nothing that XML could carry: 422.
    Schema,
}

/// A document that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {detail}")]
pub struct Broken {
    /// What kind of wrong it is.
    pub kind: Kind,
    /// From 1; only line feeds end lines.
    pub line: usize,
    /// From 1, in characters (Unicode scalar values), not bytes; a byte order mark does not count.
    pub column: usize,
    /// Where in the JSON it is, or would be (RFC 6901); empty for the whole document, and where it is not known.
    pub pointer: String,
    /// What is wrong there, in words.
    pub detail: String,
}

/// The same while it is on its way up: each level adds its segment of the pointer.
#[derive(Debug)]
pub(crate) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    at: usize,
    /// Innermost first.
    path: Vec<String>,
    detail: String,
}

pub(crate) type Outcome<T = ()> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(kind: Kind, at: usize, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, at, path: Vec::new(), detail: detail.into() }))
    }

    pub(crate) fn malformed(at: usize, detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, at, detail)
    }

    pub(crate) fn schema(at: usize, detail: impl Into<String>) -> Self {
        Self::new(Kind::Schema, at, detail)
    }

    pub(crate) fn limit(at: usize, detail: impl Into<String>) -> Self {
        Self::new(Kind::Limit, at, detail)
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// It is inside this member or item.
    pub(crate) fn under(mut self, segment: impl std::fmt::Display) -> Self {
        self.0.path.push(format!("{segment}"));
        self
    }

    /// It was found in a part of the document that begins at `base`.
    pub(crate) fn behind(mut self, base: usize) -> Self {
        self.0.at += base;
        self
    }

    /// With line and column in `source`.
    pub(crate) fn in_source(self, source: &[u8]) -> Broken {
        let Inner { kind, at, path, detail } = *self.0;
        let before = source.get(..at).unwrap_or(source);
        let before = before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before);
        let line = before.split(|byte| *byte == b'\n').count();
        let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or(before);
        let column = last.iter().filter(|byte| !(0x80..0xC0).contains(*byte)).count() + 1;
        let pointer = path.iter().rev().fold(String::new(), |pointer, segment| step(&pointer, segment));
        Broken { kind, line, column, pointer, detail }
    }
}

/// `pointer` with one more segment.
pub(crate) fn step(pointer: &str, segment: &str) -> String {
    let mut longer = String::from(pointer);
    // Writing to a string does not fail.
    let _ = write!(longer, "/{}", segment.replace('~', "~0").replace('/', "~1"));
    longer
}

/// A name out of a document, cut to what fits into a sentence.
pub(crate) fn shown(name: &[u8]) -> String {
    const SHOWN_MAX: usize = 60;
    let text = String::from_utf8_lossy(name.get(..SHOWN_MAX * 4).unwrap_or(name));
    let mut short: String = text.chars().take(SHOWN_MAX).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(SHOWN_MAX).is_some() || name.len() > SHOWN_MAX * 4 {
        short.push('…');
    }
    short
}
