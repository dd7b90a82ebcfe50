//! What comes before the root: the byte order mark, the declaration, the encoding.

use crate::broken::{Fault, Kind, Outcome};
use crate::lexical::chars::{noncharacter, run};
use crate::xml::attributes::Attributes;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The document as text, and where its content begins: behind mark and declaration.
pub(crate) fn opened(xml: &[u8]) -> Outcome<(&str, usize)> {
    if matches!(xml, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(Fault::new(Kind::Encoding, 0, "UTF-8 is wanted, this looks like UTF-16 or UTF-32"));
    }
    let text = match std::str::from_utf8(xml) {
        Ok(text) => text,
        Err(error) => return Err(not_utf8(xml, error.valid_up_to())),
    };
    characters(text)?;
    Ok((text, behind_declaration(text)?))
}

/// Either it says that it is something else, or it is broken.
fn not_utf8(xml: &[u8], at: usize) -> Fault {
    let readable = xml.get(..at).and_then(|start| std::str::from_utf8(start).ok()).unwrap_or("");
    match behind_declaration(readable) {
        Err(fault) if fault.kind() == Kind::Encoding => fault,
        _ => Fault::malformed(at, "this is not UTF-8"),
    }
}

/// Whether XML 1.0 has every character, wherever it stands.
fn characters(text: &str) -> Outcome {
    let bytes = text.as_bytes();
    let control = run(bytes, |byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    let control = Some(control).filter(|at| *at < bytes.len());
    match control.or_else(|| noncharacter(bytes)) {
        Some(at) => Err(Fault::malformed(at, "XML has no such character")),
        None => Ok(()),
    }
}

fn behind_declaration(text: &str) -> Outcome<usize> {
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let Some(inside) = text.get(mark..).and_then(|text| text.strip_prefix("<?xml")) else { return Ok(mark) };
    if !inside.starts_with([' ', '\t', '\r', '\n']) {
        return Ok(mark);
    }
    let at = mark + "<?xml".len();
    let Some((inside, _)) = inside.split_once("?>") else {
        return Err(Fault::malformed(mark, "the XML declaration does not end"));
    };
    declared(inside, at)?;
    Ok(at + inside.len() + "?>".len())
}

/// `version`, then perhaps `encoding`, then perhaps `standalone`.
fn declared(inside: &str, at: usize) -> Outcome {
    let mut attributes = Attributes::new(inside, at);
    let mut wanted = ["version", "encoding", "standalone"].iter();
    let mut versioned = false;
    while let Some(attribute) = attributes.next()? {
        if !wanted.any(|name| *name == attribute.name) {
            return Err(Fault::malformed(attribute.at, "this has no place in an XML declaration"));
        }
        let (at, value) = (attribute.at, attribute.raw);
        match attribute.name {
            "version" if value == "1.0" => versioned = true,
            "version" => return Err(Fault::malformed(at, "XML 1.0 is wanted")),
            "encoding" if value.eq_ignore_ascii_case("utf-8") => {}
            "encoding" => {
                return Err(Fault::new(Kind::Encoding, at, "UTF-8 is wanted, this says it is something else"));
            }
            _ if matches!(value, "yes" | "no") => {}
            _ => return Err(Fault::malformed(at, "`yes` or `no` is wanted")),
        }
    }
    if versioned { Ok(()) } else { Err(Fault::malformed(at, "the XML declaration says its version first")) }
}
