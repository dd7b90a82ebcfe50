//! Strings, written as text or attributes of XML.

use super::Writing;
use crate::broken::{Fault, Outcome};
use crate::lexical::chars::{is_xml, noncharacter, run};

/// Where a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Into {
    Element,
    Attribute,
}

/// What can't be written as it is, in JSON or in XML.
fn special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | b'&' | b'<' | b'>' | 0xEF) || byte < 0x20
}

impl Writing<'_> {
    /// A string without conditions, in one pass from JSON to XML.
    pub(super) fn text(&mut self, into: Into) -> Outcome {
        self.json.expect(b'"')?;
        loop {
            let rest = self.json.rest();
            let plain = run(rest, special);
            self.xml.extend_from_slice(rest.get(..plain).unwrap_or(&[]));
            self.json.advance(plain);
            let at = self.json.at();
            match self.json.rest() {
                [] => return Err(Fault::malformed(at, "a string does not end")),
                [b'"', ..] => {
                    self.json.advance(1);
                    return Ok(());
                }
                [b'\\', ..] => {
                    self.json.advance(1);
                    let c = self.json.escaped()?;
                    put(self.xml, c, into).map_err(|detail| Fault::schema(at, detail))?;
                }
                [0xEF, 0xBF, 0xBE | 0xBF, ..] => return Err(Fault::schema(at, NOT_XML)),
                [0..0x20, ..] => {
                    return Err(Fault::malformed(at, "a control character in a string is to be escaped"));
                }
                [byte, ..] => {
                    entity(self.xml, *byte);
                    self.json.advance(1);
                }
            }
        }
    }
}

const NOT_XML: &str = "XML can't carry this character";

/// Appends `text` to `xml`; what is wrong with it where that can't be.
pub(crate) fn escaped(xml: &mut Vec<u8>, text: &[u8], into: Into) -> Result<(), &'static str> {
    if noncharacter(text).is_some() {
        return Err(NOT_XML);
    }
    let mut rest = text;
    loop {
        let plain = run(rest, |byte| matches!(byte, b'"' | b'&' | b'<' | b'>') || byte < 0x20);
        let (before, after) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        xml.extend_from_slice(before);
        let Some((byte, after)) = after.split_first() else { return Ok(()) };
        put(xml, char::from(*byte), into)?;
        rest = after;
    }
}

fn put(xml: &mut Vec<u8>, c: char, into: Into) -> Result<(), &'static str> {
    match c {
        '\r' => xml.extend_from_slice(b"&#13;"),
        '\n' if into == Into::Attribute => xml.extend_from_slice(b"&#10;"),
        '\t' if into == Into::Attribute => xml.extend_from_slice(b"&#9;"),
        '\0'..='\x7F' if is_xml(c) => entity(xml, u8::try_from(c).unwrap_or(b' ')),
        _ if is_xml(c) => xml.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => return Err(NOT_XML),
    }
    Ok(())
}

/// An ASCII character; `>` too, so that no text holds `]]>`.
fn entity(xml: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => xml.extend_from_slice(b"&quot;"),
        b'&' => xml.extend_from_slice(b"&amp;"),
        b'<' => xml.extend_from_slice(b"&lt;"),
        b'>' => xml.extend_from_slice(b"&gt;"),
        other => xml.push(other),
    }
}
