//! Passing over what is not needed, and looking ahead.

use super::Cursor;
use crate::broken::{Fault, Outcome};
use crate::limits::Limits;

impl Cursor<'_> {
    /// Passes one value, of which brackets, strings and scalars are checked as far as this needs.
    pub(crate) fn skip(&mut self) -> Outcome {
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(b'{') if open.len() < Limits::DEPTH_CEILING => self.enter(&mut open, b'}'),
                Some(b'[') if open.len() < Limits::DEPTH_CEILING => self.enter(&mut open, b']'),
                Some(b'{' | b'[') => return Err(Fault::limit(self.at, "too many levels")),
                Some(b'"') => drop(self.string()?),
                Some(b'}' | b']') if open.last() == self.rest().first() => {
                    open.pop();
                    self.advance(1);
                }
                Some(b',' | b':') if !open.is_empty() => self.advance(1),
                Some(_) if self.literal("true") || self.literal("false") || self.literal("null") => {}
                _ => drop(self.number()?),
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn enter(&mut self, open: &mut Vec<u8>, close: u8) {
        open.push(close);
        self.advance(1);
    }

    /// Behind the `{` of an object: goes to the value of its member `key`; `false` where there is none.
    pub(crate) fn find(&mut self, key: &str) -> Outcome<bool> {
        if self.take(b'}') {
            return Ok(false);
        }
        loop {
            let (_, found) = self.key()?;
            if *found == *key.as_bytes() {
                return Ok(true);
            }
            self.skip()?;
            if !self.more(b'}')? {
                return Ok(false);
            }
        }
    }
}
