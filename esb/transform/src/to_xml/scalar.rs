//! Texts, numbers and truth values.

use super::Writing;
use super::text::{Into, escaped};
use crate::broken::{Fault, Outcome};
use crate::lexical::number::is_integer;
use crate::lexical::time::{is_date, is_date_time};
use crate::plan::node::{Scalar, ScalarKind};

impl Writing<'_> {
    /// The content of an element.
    pub(super) fn scalar(&mut self, scalar: &Scalar) -> Outcome {
        self.scalar_into(scalar, Into::Element)
    }

    pub(super) fn scalar_into(&mut self, scalar: &Scalar, into: Into) -> Outcome {
        let first = self.json.peek();
        match (scalar.kind, first) {
            (ScalarKind::Text, Some(b'"')) if scalar.options.is_empty() => self.text(into),
            (ScalarKind::Text | ScalarKind::Date | ScalarKind::DateTime, Some(b'"')) => self.formed(scalar, into),
            (ScalarKind::Integer | ScalarKind::Number, Some(b'-' | b'0'..=b'9')) => self.number(scalar),
            (ScalarKind::Boolean, Some(b't' | b'f')) => self.truth(scalar),
            _ => Err(self.json.wrong(scalar.wanted())),
        }
    }

    /// A string that is one of a few, or has a form.
    fn formed(&mut self, scalar: &Scalar, into: Into) -> Outcome {
        let at = self.json.at();
        let text = self.json.string()?.decoded()?;
        let formed = match scalar.kind {
            ScalarKind::DateTime => is_date_time(&text),
            ScalarKind::Date => is_date(&text),
            _ => true,
        };
        if !formed || !scalar.admits(&text) {
            return Err(Fault::schema(at, scalar.refusal()));
        }
        escaped(self.xml, &text, into).map_err(|detail| Fault::schema(at, detail))
    }

    fn number(&mut self, scalar: &Scalar) -> Outcome {
        let at = self.json.at();
        let number = self.json.number()?;
        // `1.0` and `1e2` may be whole, but `xs:integer` can't hold them as they are written.
        let whole = scalar.kind == ScalarKind::Number || is_integer(number);
        if !whole || !scalar.admits(number) {
            return Err(Fault::schema(at, scalar.refusal()));
        }
        self.xml.extend_from_slice(number);
        Ok(())
    }

    fn truth(&mut self, scalar: &Scalar) -> Outcome {
        let at = self.json.at();
        let word = if self.json.literal("true") { "true" } else { "false" };
        if word == "false" && !self.json.literal("false") {
            return Err(self.json.wrong(scalar.wanted()));
        }
        if !scalar.admits(word.as_bytes()) {
            return Err(Fault::schema(at, scalar.refusal()));
        }
        self.xml.extend_from_slice(word.as_bytes());
        Ok(())
    }
}

impl Scalar {
    /// Whether this is one of the values there are.
    pub(crate) fn admits(&self, value: &[u8]) -> bool {
        self.options.is_empty() || self.options.iter().any(|option| option.as_bytes() == value)
    }

    /// What a value of this type is called.
    pub(crate) fn wanted(&self) -> &'static str {
        match self.kind {
            ScalarKind::Text => "a string",
            ScalarKind::DateTime => "a date and time such as 2026-01-02T03:04:05Z",
            ScalarKind::Date => "a date such as 2026-01-02",
            ScalarKind::Integer => "a whole number, without fraction and exponent,",
            ScalarKind::Number => "a number",
            ScalarKind::Boolean => "true or false",
        }
    }

    /// What is wrong with a value of another form.
    pub(crate) fn refusal(&self) -> String {
        if self.options.is_empty() {
            return format!("{} is wanted", self.wanted());
        }
        format!("one of these is wanted: {}", self.options.join(", "))
    }
}
