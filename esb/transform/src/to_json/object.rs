//! Objects: their attributes and elements as members.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Reading;
use super::facts::{Facts, unknown};
use super::repeating::Occurrence;
use crate::broken::{Fault, Outcome};
use crate::lexical::chars::json_escaped;
use crate::lexical::ns::OURS;
use crate::plan::node::{Field, Name, Node, Object, Place, Seen, Shape, Variants};
use crate::xml::{Piece, Start};

/// An object while its elements come.
#[derive(Default)]
pub(super) struct Members<'a> {
    seen: Seen,
    extra: HashSet<Cow<'a, str>>,
    /// Where the next one probably is in the schema.
    hint: usize,
}

impl<'a> Reading<'a, '_> {
    /// An object, to behind its end.
    pub(super) fn object(&mut self, object: &'a Object, facts: &Facts<'a>) -> Outcome {
        self.json.push(b'{');
        self.attributes(object, facts)?;
        match object.shape {
            Shape::Elements => self.members(object)?,
            Shape::Repeating => self.occurrences(object)?,
            Shape::Text(field) => self.text_of(object, field)?,
        }
        self.json.push(b'}');
        Ok(())
    }

    fn attributes(&mut self, object: &'a Object, facts: &Facts<'a>) -> Outcome {
        for (name, attribute) in &facts.others {
            let Some((_, field)) = object.by_attribute(*name) else { return Err(unknown(attribute)) };
            let Node::Scalar(scalar) = self.grammar.node(field.of) else { return Err(unknown(attribute)) };
            let value = attribute.value()?;
            self.separate();
            self.json.extend_from_slice(&field.quoted);
            let outcome = scalar.to_json(value.as_bytes(), self.json);
            outcome.map_err(|detail| Fault::schema(attribute.at, detail).under(&field.key))?;
        }
        Ok(())
    }

    fn text_of(&mut self, object: &'a Object, field: usize) -> Outcome {
        let Some(field) = object.fields.get(field) else { return Ok(()) };
        self.separate();
        self.json.extend_from_slice(&field.quoted);
        match self.grammar.node(field.of) {
            Node::Scalar(scalar) => self.scalar(scalar).map_err(|fault| fault.under(&field.key)),
            _ => Ok(()),
        }
    }

    fn members(&mut self, object: &'a Object) -> Outcome {
        let mut members = Members::default();
        while let Some(start) = self.child()? {
            let before = self.scopes.enter(&start, self.grammar)?;
            let name = self.name(&start)?;
            self.separate();
            if let Some((index, field)) = object.by_element(name, members.hint) {
                members.once(index, &start, field)?;
                self.json.extend_from_slice(&field.quoted);
                self.value(&start, field.of).map_err(|fault| fault.under(&field.key))?;
            } else {
                self.entry(object, &mut members, (&start, name))?;
            }
            self.scopes.leave(before);
        }
        Ok(())
    }

    /// Elements of which some stand once per item: written without their names, and put together at the end.
    fn occurrences(&mut self, object: &'a Object) -> Outcome {
        let mut members = Members::default();
        let (base, begin) = (self.occurrences.len(), self.json.len());
        while let Some(child) = self.child()? {
            let before = self.scopes.enter(&child, self.grammar)?;
            let name = self.name(&child)?;
            let start = self.json.len();
            let mut place = object.fields.len();
            if let Some((index, field)) = object.by_element(name, members.hint) {
                members.once(index, &child, field)?;
                self.value(&child, field.of).map_err(|fault| fault.under(&field.key))?;
                place = index;
            } else {
                self.entry(object, &mut members, (&child, name))?;
            }
            self.occurrences.push(Occurrence { field: place, start, end: self.json.len() });
            self.scopes.leave(before);
        }
        self.assemble(object, base, begin);
        Ok(())
    }

    /// A property that the schema does not name, with its key.
    fn entry(&mut self, object: &Object, members: &mut Members<'a>, (start, name): (&Start<'a>, Name<'a>)) -> Outcome {
        let Some(of) = object.extra.filter(|_| name.namespace == OURS && name.local == "entry") else {
            return Err(start.unknown());
        };
        let mut facts = self.facts(start)?;
        let key = facts.others.iter().position(|(name, _)| name.namespace == OURS && name.local == "key");
        let Some(key) = key else {
            return Err(Fault::schema(start.at, "an entry says its `key` as an attribute"));
        };
        let key = facts.others.swap_remove(key).1.value()?;
        self.json.push(b'"');
        json_escaped(self.json, key.as_bytes());
        self.json.extend_from_slice(b"\":");
        if object.by_key.contains_key(&*key) {
            return Err(Fault::schema(start.at, "an entry has the name of a property").under(key));
        }
        self.content(start, of, &facts).map_err(|fault| fault.under(&key))?;
        if members.extra.contains(&key) {
            return Err(Fault::schema(start.at, "a second entry of this key").under(key));
        }
        members.extra.insert(key);
        Ok(())
    }

    /// A comma, unless this is the first member.
    pub(super) fn separate(&mut self) {
        if self.json.last() != Some(&b'{') {
            self.json.push(b',');
        }
    }

    /// An object of which a property says which one it is, wherever it stands.
    pub(super) fn variant(&mut self, variants: &'a Variants, start: &Start<'a>, facts: &Facts<'a>) -> Outcome {
        let key = &*variants.key;
        let said = match variants.place {
            Place::Attribute => {
                let said = facts.others.iter().find(|(name, _)| variants.tag.is(*name));
                said.map(|(_, attribute)| attribute.value()).transpose()?
            }
            _ => self.ahead(&variants.tag.local)?.map(Cow::Owned),
        };
        let Some(said) = said else {
            let detail = format!("`{key}`, which says what this is, is missing");
            return Err(Fault::schema(start.at, detail).under(key));
        };
        match variants.nodes.get(&*said).map(|node| self.grammar.at(*node)) {
            Some(Node::Object(object)) => self.object(object, facts),
            _ => Err(Fault::schema(start.at, variants.unknown()).under(key)),
        }
    }

    /// The text of the first child of this name. That it is the only one, and in the right namespace, is seen when the
    /// object is read.
    fn ahead(&self, local: &str) -> Outcome<Option<String>> {
        let mut pieces = self.pieces.ahead();
        let (mut depth, mut found): (usize, Option<String>) = (0, None);
        loop {
            let piece = pieces.next()?;
            match (piece, &mut found) {
                (Piece::Start(start), None) if depth == 0 && start.split().1 == local => found = Some(String::new()),
                (Piece::Text(text) | Piece::Cdata(text), Some(found)) if depth == 1 => found.push_str(text),
                (Piece::Reference(reference), Some(found)) if depth == 1 => {
                    found.push(crate::xml::text::referred(reference, pieces.at())?);
                }
                (Piece::End, Some(_)) if depth == 1 => return Ok(found),
                (Piece::Over, _) => return Err(pieces.truncated()),
                _ => {}
            }
            match piece {
                Piece::Start(_) => depth += 1,
                Piece::End if depth == 0 => return Ok(None),
                Piece::End => depth -= 1,
                _ => {}
            }
        }
    }
}

impl Members<'_> {
    fn once(&mut self, index: usize, start: &Start<'_>, field: &Field) -> Outcome {
        self.hint = index + 1;
        if field.place == Place::Repeated || self.seen.mark(index) {
            return Ok(());
        }
        Err(Fault::schema(start.at, "a second element of this name").under(&field.key))
    }
}
