//! Texts, numbers and truth values.

use super::Reading;
use crate::broken::{Fault, Outcome};
use crate::lexical::chars::{json_escaped, trimmed};
use crate::lexical::number::{from_xsd, is_integer};
use crate::plan::node::{Scalar, ScalarKind};
use crate::xml::Piece;
use crate::xml::text::{checked, lines, push, referred};

impl Reading<'_, '_> {
    /// The content of an element, to behind its end.
    pub(super) fn scalar(&mut self, scalar: &Scalar) -> Outcome {
        if scalar.kind == ScalarKind::Text && scalar.options.is_empty() {
            let mut json = std::mem::take(self.json);
            json.push(b'"');
            let outcome = self.text(&mut json, push);
            json.push(b'"');
            *self.json = json;
            return outcome;
        }
        let at = self.pieces.at();
        let mut text = std::mem::take(&mut self.spare);
        text.clear();
        self.text(&mut text, |text, part| text.extend_from_slice(part.as_bytes()))?;
        let outcome = scalar.to_json(&text, self.json);
        self.spare = text;
        outcome.map_err(|detail| Fault::schema(at, detail))
    }

    /// Puts what is between two tags.
    fn text(&mut self, out: &mut Vec<u8>, put: fn(&mut Vec<u8>, &str)) -> Outcome {
        loop {
            let piece = self.pieces.next()?;
            let at = self.pieces.at();
            match piece {
                Piece::Text(text) => lines(checked(text, at)?, |line| put(out, line)),
                Piece::Cdata(text) => lines(text, |line| put(out, line)),
                Piece::Reference(reference) => put(out, referred(reference, at)?.encode_utf8(&mut [0; 4])),
                Piece::End => return Ok(()),
                Piece::Over => return Err(self.pieces.truncated()),
                Piece::Start(start) => return Err(start.unknown()),
            }
        }
    }
}

impl Scalar {
    /// Appends a value whose text is known.
    pub(super) fn to_json(&self, text: &[u8], json: &mut Vec<u8>) -> Result<(), String> {
        let start = json.len();
        // White space around a value is part of strings only.
        let value = if self.kind == ScalarKind::Text { text } else { trimmed(text) };
        let taken = match self.kind {
            ScalarKind::Text | ScalarKind::DateTime | ScalarKind::Date => {
                json.push(b'"');
                json_escaped(json, value);
                json.push(b'"');
                self.admits(value)
            }
            ScalarKind::Integer => whole(value) && from_xsd(value, json).is_some(),
            ScalarKind::Number => from_xsd(value, json).is_some(),
            ScalarKind::Boolean => truth(value).map(|word| json.extend_from_slice(word)).is_some(),
        };
        let is_text = json.get(start) == Some(&b'"');
        if taken && (is_text || self.admits(json.get(start..).unwrap_or(&[]))) {
            return Ok(());
        }
        json.truncate(start);
        Err(self.refusal())
    }
}

fn whole(value: &[u8]) -> bool {
    is_integer(value.strip_prefix(b"+").filter(|value| !value.starts_with(b"-")).unwrap_or(value))
}

fn truth(value: &[u8]) -> Option<&'static [u8]> {
    match value {
        b"true" | b"1" => Some(b"true"),
        b"false" | b"0" => Some(b"false"),
        _ => None,
    }
}
