//! Escapes in strings.

use std::borrow::Cow;

use super::{Cursor, Raw};
use crate::broken::{Fault, Outcome};
use crate::lexical::chars::run;

impl<'a> Raw<'a> {
    /// What the string means, as UTF-8.
    pub(crate) fn decoded(self) -> Outcome<Cow<'a, [u8]>> {
        let Some(first) = self.escape else { return Ok(Cow::Borrowed(self.bytes)) };
        let mut cursor = Cursor { bytes: self.bytes, at: first };
        let mut decoded = self.bytes.get(..first).unwrap_or(&[]).to_vec();
        while !cursor.rest().is_empty() {
            if cursor.rest().first() == Some(&b'\\') {
                cursor.advance(1);
                let c = cursor.escaped().map_err(|fault| fault.behind(self.at))?;
                decoded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            let plain = run(cursor.rest(), |byte| byte == b'\\');
            decoded.extend_from_slice(cursor.rest().get(..plain).unwrap_or(&[]));
            cursor.advance(plain);
        }
        Ok(Cow::Owned(decoded))
    }
}

impl Cursor<'_> {
    /// Behind a backslash: the character that is meant.
    pub(crate) fn escaped(&mut self) -> Outcome<char> {
        let Some(byte) = self.rest().first().copied() else {
            return Err(Fault::malformed(self.at, "a string does not end"));
        };
        self.advance(1);
        match byte {
            b'"' | b'\\' | b'/' => Ok(char::from(byte)),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{C}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => self.by_number(),
            _ => Err(Fault::malformed(self.at - 2, "there is no such escape")),
        }
    }

    fn by_number(&mut self) -> Outcome<char> {
        let at = self.at - 2;
        let first = self.unit()?;
        let number = match first {
            0xD800..=0xDBFF if self.rest().starts_with(b"\\u") => {
                self.advance(2);
                let second = self.unit()?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return Err(Fault::malformed(at, "half of a surrogate pair is no character"));
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            other => other,
        };
        char::from_u32(number).ok_or_else(|| Fault::malformed(at, "half of a surrogate pair is no character"))
    }

    fn unit(&mut self) -> Outcome<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let number = digits.and_then(|digits| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        self.advance(4);
        number.ok_or_else(|| Fault::malformed(self.at - 4, "four hexadecimal digits are wanted"))
    }
}
