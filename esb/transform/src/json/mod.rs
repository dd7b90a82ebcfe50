//! JSON, token by token, in place: numbers and strings stay as they are written.

mod escape;
mod skip;

use std::borrow::Cow;

use crate::broken::{Fault, Outcome};
use crate::lexical::chars::{is_space, run};
use crate::lexical::number::json_length;

/// A place in a JSON text, which is known to be UTF-8.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What is between the quotation marks of a string, as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    /// Where the first backslash is, if there is one.
    escape: Option<usize>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    pub(crate) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The byte that comes next, white space aside.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !is_space(byte) {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Takes `byte` if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, byte: u8) -> Outcome {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(byte)))) }
    }

    /// Takes `true`, `false` or `null` if it comes next.
    pub(crate) fn literal(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    pub(crate) fn number(&mut self) -> Outcome<&'a [u8]> {
        let rest = self.rest();
        let number = rest.get(..json_length(rest)).unwrap_or(&[]);
        if number.is_empty() {
            return Err(self.unexpected("a number"));
        }
        self.at += number.len();
        // `01` is no number, nor two.
        if self
            .bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-'))
        {
            return Err(Fault::malformed(self.at, "a number ends in something else"));
        }
        Ok(number)
    }

    /// A whole string. Its escapes are checked when it is decoded.
    pub(crate) fn string(&mut self) -> Outcome<Raw<'a>> {
        self.expect(b'"')?;
        let (start, mut escape) = (self.at, None);
        loop {
            self.at += run(self.rest(), |byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            match self.rest().first() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escape = escape.or(Some(self.at - start));
                    self.at += 2;
                }
                Some(_) => return Err(Fault::malformed(self.at, "a control character in a string is to be escaped")),
                None => return Err(Fault::malformed(self.bytes.len(), "a string does not end")),
            }
        }
        let bytes = self.bytes.get(start..self.at).unwrap_or(&[]);
        self.at += 1;
        Ok(Raw { bytes, at: start, escape })
    }

    /// A member's name and the colon behind it.
    pub(crate) fn key(&mut self) -> Outcome<(usize, Cow<'a, [u8]>)> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("the name of a member"));
        }
        let at = self.at;
        let key = self.string()?.decoded()?;
        self.expect(b':')?;
        Ok((at, key))
    }

    /// After a value: whether another one follows, or the container ends with `close`.
    pub(crate) fn more(&mut self, close: u8) -> Outcome<bool> {
        if self.take(b',') {
            return Ok(true);
        }
        if self.take(close) {
            return Ok(false);
        }
        Err(self.unexpected(&format!("`,` or `{}`", char::from(close))))
    }

    /// Nothing but white space is left.
    pub(crate) fn end(&mut self) -> Outcome {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::malformed(self.at, "the document has ended, and something follows")),
        }
    }

    /// Whether something of another type stands here, or nothing that is JSON.
    pub(crate) fn wrong(&mut self, wanted: &str) -> Fault {
        match self.peek() {
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                // What only begins like JSON is not of another type.
                let mut ahead = *self;
                match ahead.skip() {
                    Ok(()) => Fault::schema(self.at, format!("{wanted} is wanted")),
                    Err(fault) => fault,
                }
            }
            _ => self.unexpected(wanted),
        }
    }

    fn unexpected(&mut self, wanted: &str) -> Fault {
        match self.peek() {
            None => Fault::malformed(self.bytes.len(), format!("the document ends where {wanted} is wanted")),
            Some(_) => Fault::malformed(self.at, format!("{wanted} is wanted")),
        }
    }
}
