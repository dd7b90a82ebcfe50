//! References and line ends in texts and attributes.

use std::borrow::Cow;

use crate::broken::{Fault, Outcome, shown};
use crate::lexical::chars::{is_xml, json_escaped};
use crate::xml::attributes::Attribute;

/// The character that `&reference;` stands for. There are the five that XML has, and numbers; there is no DTD.
pub(crate) fn referred(reference: &str, at: usize) -> Outcome<char> {
    let number = match reference {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        other => other.strip_prefix('#'),
    };
    let c = number.and_then(|number| {
        let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
        // `from_str_radix` takes a sign, XML does not.
        let number = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits)?;
        char::from_u32(u32::from_str_radix(number, radix).ok()?).filter(|c| is_xml(*c))
    });
    c.ok_or_else(|| Fault::malformed(at, format!("`&{};` is no character", shown(reference.as_bytes()))))
}

impl<'a> Attribute<'a> {
    /// What the attribute means: references replaced, and every white space that is not one a blank.
    pub(crate) fn value(&self) -> Outcome<Cow<'a, str>> {
        if !self.raw.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) {
            return Ok(Cow::Borrowed(self.raw));
        }
        let mut value = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '&' => self.reference(rest, &mut value)?,
                '\r' if rest.starts_with("\r\n") => 1,
                '\t' | '\n' | '\r' => {
                    value.push(' ');
                    1
                }
                other => {
                    value.push(other);
                    other.len_utf8()
                }
            };
            rest = rest.get(taken..).unwrap_or("");
        }
        Ok(Cow::Owned(value))
    }

    /// Adds what the reference at the front of `rest` stands for; the answer is how long it is.
    fn reference(&self, rest: &str, value: &mut String) -> Outcome<usize> {
        let ended = rest.strip_prefix('&').and_then(|rest| rest.split_once(';'));
        let Some((reference, _)) = ended else {
            return Err(Fault::malformed(self.at, "`&` is to be escaped in an attribute"));
        };
        value.push(referred(reference, self.at)?);
        Ok(reference.len() + "&;".len())
    }
}

/// Appends a text as part of a JSON string.
pub(crate) fn push(json: &mut Vec<u8>, text: &str) {
    json_escaped(json, text.as_bytes());
}

/// Hands out a text whose lines end in line feeds, however they ended.
pub(crate) fn lines(text: &str, mut put: impl FnMut(&str)) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\r') {
        put(before);
        if !after.starts_with('\n') {
            put("\n");
        }
        rest = after;
    }
    put(rest);
}

/// `]]>` is for the end of CDATA only.
pub(crate) fn checked(text: &str, at: usize) -> Outcome<&str> {
    // Looking for one byte is much cheaper than looking for three, and few texts have it.
    let found = if text.as_bytes().contains(&b'>') { text.find("]]>") } else { None };
    match found {
        Some(found) => Err(Fault::malformed(at + found, "`]]>` is to be escaped in a text")),
        None => Ok(text),
    }
}
