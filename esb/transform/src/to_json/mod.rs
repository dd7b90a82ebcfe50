//! XML to JSON. Members come out in the order in which their elements came.

mod facts;
mod object;
mod repeating;
mod scalar;

use std::ops::Range;

use crate::broken::{Fault, Outcome};
use crate::lexical::chars::trimmed;
use crate::lexical::ns::{NONE, OURS};
use crate::plan::Plan;
use crate::plan::node::{Element, Grammar, Name, Node, Null, Use};
use crate::xml::declaration::opened;
use crate::xml::scopes::Scopes;
use crate::xml::{Piece, Pieces, Start};

use self::facts::Facts;
use self::repeating::Occurrence;

/// An element inside another document, such as the body of a SOAP message.
#[derive(Debug, Clone)]
pub struct Fragment<'a> {
    /// The whole document, known to be well-formed outside of the element.
    pub document: &'a [u8],
    /// Where the element is in it, tags included.
    pub range: Range<usize>,
    /// The name it has to have.
    pub root: &'a str,
    /// The declarations that are in force around it: prefix (empty for the default) and namespace, outermost first.
    pub namespaces: &'a [(&'a str, &'a str)],
}

/// A document on its way.
struct Reading<'a, 'j> {
    grammar: &'a Grammar,
    pieces: Pieces<'a>,
    scopes: Scopes<'a>,
    json: &'j mut Vec<u8>,
    /// What elements of ours are in: our namespace, or none.
    home: usize,
    /// How many levels more there may be.
    depth: usize,
    occurrences: Vec<Occurrence>,
    spare: Vec<u8>,
}

/// Appends the JSON of a whole document, whose root must have this name, where there is one.
pub(crate) fn document(plan: &Plan, (xml, root): (&[u8], Option<&str>), json: &mut Vec<u8>) -> Outcome {
    let (text, content) = opened(xml)?;
    let pieces = Pieces::new(text, content, text.len());
    reading(plan, pieces, json).root(plan, root)
}

/// Appends the JSON of one element.
pub(crate) fn fragment(plan: &Plan, fragment: &Fragment<'_>, json: &mut Vec<u8>) -> Outcome {
    let (text, _) = opened(fragment.document)?;
    let pieces = Pieces::new(text, fragment.range.start, fragment.range.end);
    let mut reading = reading(plan, pieces, json);
    reading.scopes.outer(fragment.namespaces, &plan.grammar)?;
    reading.root(plan, Some(fragment.root))
}

fn reading<'a, 'j>(plan: &'a Plan, pieces: Pieces<'a>, json: &'j mut Vec<u8>) -> Reading<'a, 'j> {
    let (grammar, depth) = (&*plan.grammar, plan.grammar.limits.depth());
    let (scopes, occurrences, spare) = (Scopes::default(), Vec::new(), Vec::new());
    Reading { grammar, pieces, scopes, json, home: OURS, depth, occurrences, spare }
}

impl<'a> Reading<'a, '_> {
    fn root(mut self, plan: &Plan, name: Option<&str>) -> Outcome {
        let start = self.first()?;
        let before = self.scopes.enter(&start, self.grammar)?;
        let (prefix, local) = start.split();
        let namespace = self.scopes.namespace(prefix, start.at)?;
        if let Some(name) = name.filter(|name| *local != **name) {
            let wanted = format!("the root element `{name}` is wanted");
            return Err(if start.is_named() { Fault::schema(start.at, wanted) } else { start.unknown() });
        }
        if namespace != plan.root.namespace && namespace != NONE {
            return Err(Fault::schema(start.at, "the root element is in a foreign namespace"));
        }
        self.home = if namespace == NONE { NONE } else { OURS };
        self.value(&start, plan.of)?;
        self.scopes.leave(before);
        loop {
            match self.pieces.next()? {
                Piece::Over => return Ok(()),
                piece => self.blank(piece, "the document has ended, and something follows")?,
            }
        }
    }

    fn first(&mut self) -> Outcome<Start<'a>> {
        loop {
            match self.pieces.next()? {
                Piece::Start(start) => return Ok(start),
                Piece::Over => return Err(Fault::malformed(self.pieces.at(), "there is no root element")),
                piece => self.blank(piece, "something stands before the root element")?,
            }
        }
    }

    /// Outside the root there is white space only.
    fn blank(&self, piece: Piece<'a>, wrong: &str) -> Outcome {
        match piece {
            Piece::Text(text) if trimmed(text.as_bytes()).is_empty() => Ok(()),
            _ => Err(Fault::malformed(self.pieces.at(), wrong)),
        }
    }

    /// The name of an element whose declarations have been taken.
    fn name(&self, start: &Start<'a>) -> Outcome<Name<'a>> {
        let (prefix, local) = start.split();
        let namespace = match self.scopes.namespace(prefix, start.at)? {
            namespace if namespace == self.home => OURS,
            // A document is wholly in our namespace, or wholly in none.
            NONE | OURS => return Err(Fault::schema(start.at, "this element is in another namespace than the root")),
            other => other,
        };
        Ok(Name { namespace, local })
    }

    /// The value of an element, to behind its end.
    fn value(&mut self, start: &Start<'a>, of: Use) -> Outcome {
        let facts = self.facts(start)?;
        self.content(start, of, &facts)
    }

    fn content(&mut self, start: &Start<'a>, of: Use, facts: &Facts<'a>) -> Outcome {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(Fault::limit(start.at, "too many levels"));
        };
        self.depth = depth;
        if facts.nil {
            self.nil(start, of, facts)?;
        } else {
            self.filled(start, of, facts)?;
        }
        self.depth += 1;
        Ok(())
    }

    fn filled(&mut self, start: &Start<'a>, of: Use, facts: &Facts<'a>) -> Outcome {
        let grammar = self.grammar;
        match grammar.node(of) {
            Node::Scalar(scalar) => {
                facts.none()?;
                self.scalar(scalar)
            }
            Node::Array(item) => {
                facts.none()?;
                self.items(item)
            }
            Node::Object(object) => self.object(object, facts),
            Node::Variants(variants) => self.variant(variants, start, facts),
        }
    }

    fn nil(&mut self, start: &Start<'a>, of: Use, facts: &Facts<'a>) -> Outcome {
        facts.none()?;
        if of.null == Null::Refused {
            return Err(Fault::schema(start.at, "null is not allowed here"));
        }
        match self.pieces.next()? {
            Piece::End => {
                self.json.extend_from_slice(b"null");
                Ok(())
            }
            Piece::Over => Err(self.pieces.truncated()),
            _ => Err(Fault::schema(self.pieces.at(), "an element with xsi:nil is empty")),
        }
    }

    fn items(&mut self, item: &'a Element) -> Outcome {
        self.json.push(b'[');
        let mut index = 0_usize;
        while let Some(start) = self.child()? {
            if index > 0 {
                self.json.push(b',');
            }
            self.item(item, &start).map_err(|fault| fault.under(index))?;
            index += 1;
        }
        self.json.push(b']');
        Ok(())
    }

    fn item(&mut self, item: &'a Element, start: &Start<'a>) -> Outcome {
        let before = self.scopes.enter(start, self.grammar)?;
        if !item.tag.is(self.name(start)?) {
            return Err(start.unknown());
        }
        self.value(start, item.of)?;
        self.scopes.leave(before);
        Ok(())
    }

    /// The next element of those that an element consists of; `None` at its end.
    fn child(&mut self) -> Outcome<Option<Start<'a>>> {
        loop {
            match self.pieces.next()? {
                Piece::Start(start) => return Ok(Some(start)),
                Piece::End => return Ok(None),
                Piece::Over => return Err(self.pieces.truncated()),
                Piece::Text(text) if trimmed(text.as_bytes()).is_empty() => {}
                _ => return Err(Fault::schema(self.pieces.at(), "text stands where only elements are wanted")),
            }
        }
    }
}
