//! JSON to XML. What comes is written as it comes; only where members are out of order are they put in order, once
//! their object has ended.

mod object;
mod scalar;
mod text;

use crate::broken::{Fault, Outcome};
use crate::json::Cursor;
use crate::plan::Plan;
use crate::plan::node::{Element, Grammar, Node, Null, Tag, Use};

use self::object::Segment;
pub(crate) use self::text::{Into, escaped};

/// What the start tag of a null goes on with.
pub(crate) const NIL: &[u8] = b" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>";

/// Appends the document `json` as the element `root`.
pub(crate) fn document(plan: &Plan, (json, root): (&[u8], &Tag), xml: &mut Vec<u8>) -> Outcome {
    let text = std::str::from_utf8(json).map_err(|error| Fault::malformed(error.valid_up_to(), "this is not UTF-8"))?;
    let mut writing = Writing {
        grammar: &plan.grammar,
        json: Cursor::new(text),
        xml,
        depth: plan.grammar.limits.depth(),
        segments: Vec::new(),
        spare: Vec::new(),
    };
    writing.value(root, plan.of)?;
    writing.json.end()
}

/// A document on its way.
struct Writing<'a> {
    grammar: &'a Grammar,
    json: Cursor<'a>,
    xml: &'a mut Vec<u8>,
    /// How many levels more there may be.
    depth: usize,
    /// Where the members of the objects that are open were written.
    segments: Vec<Segment>,
    spare: Vec<u8>,
}

impl Writing<'_> {
    /// One value, as the element `tag`.
    fn value(&mut self, tag: &Tag, of: Use) -> Outcome {
        if self.json.peek() == Some(b'n') && of.null == Null::Allowed && self.json.literal("null") {
            self.xml.extend_from_slice(&tag.start);
            self.xml.extend_from_slice(NIL);
            return Ok(());
        }
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(Fault::limit(self.json.at(), "too many levels"));
        };
        self.depth = depth;
        self.xml.extend_from_slice(&tag.start);
        let grammar = self.grammar;
        match grammar.node(of) {
            Node::Scalar(scalar) => {
                self.xml.push(b'>');
                self.scalar(scalar)?;
            }
            Node::Array(item) => {
                self.xml.push(b'>');
                self.items(item)?;
            }
            Node::Object(object) => self.object(object)?,
            Node::Variants(variants) => self.variant(variants)?,
        }
        self.xml.extend_from_slice(&tag.end);
        self.depth += 1;
        Ok(())
    }

    /// An array, each item as an element.
    fn items(&mut self, item: &Element) -> Outcome {
        if !self.json.take(b'[') {
            return Err(self.json.wrong("an array"));
        }
        if self.json.take(b']') {
            return Ok(());
        }
        let mut index = 0_usize;
        loop {
            self.value(&item.tag, item.of).map_err(|fault| fault.under(index))?;
            if !self.json.more(b']')? {
                return Ok(());
            }
            index += 1;
        }
    }
}
