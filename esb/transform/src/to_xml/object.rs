//! Objects: their members as attributes and elements.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Writing;
use super::text::Into;
use crate::broken::{Fault, Outcome, shown};
use crate::plan::node::{Element, Field, Node, Object, Place, Seen, Shape, Tag, Use, Variants};

/// Where something was written that may have to move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// What comes before it has a lower rank, or the same and an earlier start.
    rank: usize,
    start: usize,
    end: usize,
}

/// An object while its members come.
struct Members<'a> {
    seen: Seen,
    extra: HashSet<Cow<'a, [u8]>>,
    /// Where the next member probably is in the schema.
    hint: usize,
    /// The highest rank so far; `None` once a lower one came.
    highest: Option<usize>,
}

impl<'a> Writing<'a> {
    /// An object, from behind the name in its start tag to before its end tag.
    pub(super) fn object(&mut self, object: &'a Object) -> Outcome {
        if !self.json.take(b'{') {
            return Err(self.json.wrong("an object"));
        }
        let (base, start) = (self.segments.len(), self.xml.len());
        let mut members = Members { seen: Seen::default(), extra: HashSet::new(), hint: 0, highest: Some(0) };
        // The bracket is a segment too: attributes that come late go before it.
        self.xml.push(b'>');
        self.segments.push(Segment { rank: object.attributes, start, end: self.xml.len() });
        members.highest = Some(object.attributes);
        let mut more = !self.json.take(b'}');
        while more {
            self.member(object, &mut members)?;
            more = self.json.more(b'}')?;
        }
        if let Shape::Text(field) = object.shape {
            self.has_text(object, &mut members, field)?;
        }
        if members.highest.is_none() {
            self.arrange(base, start);
        }
        self.segments.truncate(base);
        Ok(())
    }

    fn member(&mut self, object: &'a Object, members: &mut Members<'a>) -> Outcome {
        let (at, key) = self.json.key()?;
        let Some((index, field)) = object.by_key(&key, members.hint) else {
            return self.extra(object, members, (at, key));
        };
        if !members.seen.mark(index) {
            return Err(Fault::schema(at, "a second member of this name").under(&field.key));
        }
        let start = self.xml.len();
        self.field(field).map_err(|fault| fault.under(&field.key))?;
        let rank = if index < object.attributes { index } else { index + 1 };
        self.placed(rank, start, members);
        members.hint = index + 1;
        Ok(())
    }

    fn field(&mut self, field: &'a Field) -> Outcome {
        match field.place {
            Place::Element => self.value(&field.tag, field.of),
            Place::Repeated => self.items(&Element { tag: field.tag.clone(), of: field.of }),
            Place::Attribute => {
                self.xml.extend_from_slice(&field.tag.start);
                self.inner(field.of, Into::Attribute)?;
                self.xml.extend_from_slice(&field.tag.end);
                Ok(())
            }
            Place::Text => self.inner(field.of, Into::Element),
        }
    }

    /// What has no element of its own, which only scalars can do without.
    fn inner(&mut self, of: Use, into: Into) -> Outcome {
        let grammar = self.grammar;
        match grammar.node(of) {
            Node::Scalar(scalar) => self.scalar_into(scalar, into),
            _ => Err(self.json.wrong("a scalar")),
        }
    }

    /// A property that the schema does not name.
    fn extra(&mut self, object: &Object, members: &mut Members<'a>, (at, key): (usize, Cow<'a, [u8]>)) -> Outcome {
        let Some(of) = object.extra else {
            let detail = format!("there is no property `{}`", shown(&key));
            return Err(Fault::schema(at, detail).under(String::from_utf8_lossy(&key)));
        };
        let start = self.xml.len();
        let outcome = self.entry(at, &key, of);
        outcome.map_err(|fault| fault.under(String::from_utf8_lossy(&key)))?;
        if !members.extra.insert(key) {
            return Err(Fault::schema(at, "a second member of this name"));
        }
        self.placed(object.fields.len() + 1, start, members);
        Ok(())
    }

    fn entry(&mut self, at: usize, key: &[u8], of: Use) -> Outcome {
        let mut start = b"<entry key=\"".to_vec();
        super::text::escaped(&mut start, key, Into::Attribute).map_err(|detail| Fault::schema(at, detail))?;
        start.push(b'"');
        let tag = Tag { namespace: 0, local: "entry".into(), start: start.into(), end: Box::from(*b"</entry>") };
        self.value(&tag, of)
    }

    fn placed(&mut self, rank: usize, start: usize, members: &mut Members<'a>) {
        self.segments.push(Segment { rank, start, end: self.xml.len() });
        members.highest = members.highest.filter(|highest| *highest <= rank).map(|_| rank);
    }

    /// Puts what was written from `start` on into the order of the schema.
    fn arrange(&mut self, base: usize, start: usize) {
        let Some(segments) = self.segments.get_mut(base..) else { return };
        segments.sort_unstable_by_key(|segment| (segment.rank, segment.start));
        self.spare.clear();
        self.spare.extend_from_slice(self.xml.get(start..).unwrap_or(&[]));
        self.xml.truncate(start);
        for segment in segments {
            let moved = self.spare.get(segment.start - start..segment.end - start);
            self.xml.extend_from_slice(moved.unwrap_or(&[]));
        }
    }

    /// An element without text would come back as one whose text is empty.
    fn has_text(&mut self, object: &Object, members: &mut Members<'a>, field: usize) -> Outcome {
        if !members.seen.mark(field) {
            return Ok(());
        }
        let key = object.fields.get(field).map_or("", |field| &*field.key);
        Err(Fault::schema(self.json.at(), format!("`{key}` is wanted: XML can't do without it")).under(key))
    }

    /// An object of which a property says which one it is, wherever it stands.
    pub(super) fn variant(&mut self, variants: &'a Variants) -> Outcome {
        if self.json.peek() != Some(b'{') {
            return Err(self.json.wrong("an object"));
        }
        let mut ahead = self.json;
        ahead.advance(1);
        let key = &*variants.key;
        if !ahead.find(key)? {
            return Err(
                Fault::schema(self.json.at(), format!("`{key}`, which says what this is, is missing")).under(key)
            );
        }
        if ahead.peek() != Some(b'"') {
            return Err(ahead.wrong("a string").under(key));
        }
        let at = ahead.at();
        let said = ahead.string()?.decoded()?;
        let node = std::str::from_utf8(&said).ok().and_then(|said| variants.nodes.get(said));
        match node.map(|node| self.grammar.at(*node)) {
            Some(Node::Object(object)) => self.object(object),
            _ => Err(Fault::schema(at, variants.unknown()).under(key)),
        }
    }
}

impl Variants {
    /// What is wrong with another value.
    pub(crate) fn unknown(&self) -> String {
        let known: Vec<&str> = self.nodes.keys().map(|name| &**name).collect();
        format!("one of these is wanted: {}", known.join(", "))
    }
}
