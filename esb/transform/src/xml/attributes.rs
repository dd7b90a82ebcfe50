//! Attributes, one after the other.

use crate::broken::{Fault, Outcome, shown};
use crate::lexical::chars::is_space;
use crate::xml::Start;

/// An attribute as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute<'a> {
    /// With its prefix.
    pub(crate) name: &'a str,
    /// What is between the quotation marks.
    pub(crate) raw: &'a str,
    pub(crate) at: usize,
}

/// What is left of a start tag.
pub(crate) struct Attributes<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Attributes<'a> {
    pub(crate) fn of(start: &Start<'a>) -> Self {
        Self::new(start.attributes, start.attributes_at())
    }

    pub(crate) fn new(rest: &'a str, at: usize) -> Self {
        Self { rest, at }
    }

    pub(crate) fn next(&mut self) -> Outcome<Option<Attribute<'a>>> {
        let spaces = self.space();
        if self.rest.is_empty() {
            return Ok(None);
        }
        if spaces == 0 {
            return Err(Fault::malformed(self.at, "white space is wanted before an attribute"));
        }
        let at = self.at;
        let length = self.rest.bytes().position(|byte| is_space(byte) || byte == b'=').unwrap_or(self.rest.len());
        let name = self.take(length);
        self.space();
        if name.is_empty() || !self.rest.starts_with('=') {
            return Err(Fault::malformed(at, format!("`{}` is no attribute", shown(name.as_bytes()))));
        }
        self.take(1);
        self.space();
        let raw = self.value()?;
        Ok(Some(Attribute { name, raw, at }))
    }

    fn value(&mut self) -> Outcome<&'a str> {
        let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return Err(Fault::malformed(self.at, "the value of an attribute stands in quotation marks"));
        };
        self.take(1);
        let at = self.at;
        let Some(length) = self.rest.find(quote) else {
            return Err(Fault::malformed(at, "the value of an attribute does not end"));
        };
        let value = self.take(length);
        self.take(1);
        match value.find('<') {
            Some(bracket) => Err(Fault::malformed(at + bracket, "`<` is to be escaped in an attribute")),
            None => Ok(value),
        }
    }

    fn space(&mut self) -> usize {
        let spaces = self.rest.bytes().take_while(|byte| is_space(*byte)).count();
        self.take(spaces);
        spaces
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.at += taken.len();
        self.rest = rest;
        taken
    }
}
