//! JSON to XML.

use super::PROBLEM_NAMESPACE;
use crate::broken::{Fault, Outcome, shown};
use crate::json::Cursor;
use crate::lexical::chars::is_xml;
use crate::lexical::name::is_ncname;
use crate::limits::Limits;
use crate::to_xml::{Into, escaped};

pub(super) fn document(json: &[u8], xml: &mut Vec<u8>) -> Outcome {
    let text = std::str::from_utf8(json).map_err(|error| Fault::malformed(error.valid_up_to(), "this is not UTF-8"))?;
    let mut writing = Writing { json: Cursor::new(text), xml, depth: Limits::default().depth() };
    if writing.json.peek() != Some(b'{') {
        return Err(writing.json.wrong("an object"));
    }
    let start = format!("<problem xmlns=\"{PROBLEM_NAMESPACE}\">");
    writing.xml.extend_from_slice(start.as_bytes());
    writing.content()?;
    writing.xml.extend_from_slice(b"</problem>");
    writing.json.end()
}

struct Writing<'a, 'x> {
    json: Cursor<'a>,
    xml: &'x mut Vec<u8>,
    depth: usize,
}

impl Writing<'_, '_> {
    fn element(&mut self, name: &str) -> Outcome {
        self.xml.extend_from_slice(format!("<{name}").as_bytes());
        if self.json.peek() == Some(b'n') && self.json.literal("null") {
            self.xml.extend_from_slice(crate::to_xml::NIL);
            return Ok(());
        }
        self.xml.push(b'>');
        self.depth = self.depth.checked_sub(1).ok_or_else(|| Fault::limit(self.json.at(), "too many levels"))?;
        self.content()?;
        self.depth += 1;
        self.xml.extend_from_slice(format!("</{name}>").as_bytes());
        Ok(())
    }

    fn content(&mut self) -> Outcome {
        match self.json.peek() {
            Some(b'{') => self.members(),
            Some(b'[') => self.items(),
            Some(b'"') => self.text(),
            Some(b't' | b'f') => {
                let word = if self.json.literal("true") { "true" } else { "false" };
                if word == "false" && !self.json.literal("false") {
                    return Err(self.json.wrong("a value"));
                }
                self.xml.extend_from_slice(word.as_bytes());
                Ok(())
            }
            _ => {
                let number = self.json.number()?;
                self.xml.extend_from_slice(number);
                Ok(())
            }
        }
    }

    fn members(&mut self) -> Outcome {
        self.json.expect(b'{')?;
        if self.json.take(b'}') {
            return Ok(());
        }
        loop {
            let (at, key) = self.json.key()?;
            let name = std::str::from_utf8(&key).ok().filter(|name| is_ncname(name));
            let Some(name) = name else {
                return Err(Fault::schema(at, format!("`{}` can't be an element", shown(&key))));
            };
            self.element(name).map_err(|fault| fault.under(name))?;
            if !self.json.more(b'}')? {
                return Ok(());
            }
        }
    }

    fn items(&mut self) -> Outcome {
        self.json.expect(b'[')?;
        if self.json.take(b']') {
            return Ok(());
        }
        let mut index = 0_usize;
        loop {
            self.element("i").map_err(|fault| fault.under(index))?;
            if !self.json.more(b']')? {
                return Ok(());
            }
            index += 1;
        }
    }

    fn text(&mut self) -> Outcome {
        let at = self.json.at();
        let decoded = self.json.string()?.decoded()?;
        let text = String::from_utf8_lossy(&decoded);
        let carried: String = text.chars().map(|c| if is_xml(c) { c } else { '\u{FFFD}' }).collect();
        escaped(self.xml, carried.as_bytes(), Into::Element).map_err(|detail| Fault::schema(at, detail))
    }
}
