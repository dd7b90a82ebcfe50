//! A document walked through step by step, names resolved: for what has no schema here, such as an envelope around a
//! document that has one. As strict as the documents themselves, and without a tree.

mod tags;

use std::borrow::Cow;

use super::declaration::opened;
use super::text::{checked, lines, referred};
use super::{Piece, Pieces, Start};
use crate::broken::{Broken, Fault, Kind, Outcome};
use crate::lexical::chars::trimmed;
use crate::limits::Limits;

/// One step through a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into an element.
    Start(Element<'a>),
    /// Past a text, or a part of one.
    Text(Cow<'a, str>),
    /// Out of an element.
    End,
    /// The document is over.
    Over,
}

/// An element that has been entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element<'a> {
    /// Empty where it is in none.
    pub namespace: Cow<'a, str>,
    /// The name without its prefix.
    pub local: &'a str,
    /// Where its tag begins.
    pub at: usize,
    /// Namespace, name, value.
    attributes: Vec<(Cow<'a, str>, &'a str, Cow<'a, str>)>,
}

/// A document on the way through it.
pub struct Walk<'a> {
    document: &'a [u8],
    pieces: Pieces<'a>,
    /// Prefixes and what they mean; later ones win.
    declared: Vec<(&'a str, Cow<'a, str>)>,
    /// For each element that is open, how much was declared around it.
    open: Vec<usize>,
    limits: Limits,
    root: Root,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Awaited,
    Seen,
}

impl Element<'_> {
    /// Whether this is its name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }

    /// The value of an attribute; those without a prefix are in no namespace.
    pub fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|(space, name, _)| space == namespace && *name == local);
        found.next().map(|(_, _, value)| &**value)
    }
}

impl<'a> Walk<'a> {
    /// At the beginning of a document.
    pub fn new(document: &'a [u8], limits: Limits) -> Result<Self, Broken> {
        if document.len() > limits.body_max {
            let detail = format!("the document is longer than {} bytes", limits.body_max);
            return Err(Fault::new(Kind::TooBig, 0, detail).in_source(document));
        }
        let (text, content) = opened(document).map_err(|fault| fault.in_source(document))?;
        let pieces = Pieces::new(text, content, text.len());
        Ok(Self { document, pieces, declared: Vec::new(), open: Vec::new(), limits, root: Root::Awaited })
    }

    /// What is wrong at this place of the document.
    pub fn refuse(&self, at: usize, detail: impl Into<String>) -> Broken {
        Fault::malformed(at, detail).in_source(self.document)
    }

    /// Where the next step begins.
    pub fn position(&self) -> usize {
        self.pieces.position()
    }

    /// What is declared around the element that was entered last: prefix (empty for the default) and namespace,
    /// outermost first.
    pub fn around(&self) -> impl Iterator<Item = (&'a str, &str)> {
        let count = self.open.last().copied().unwrap_or(0);
        self.declared.iter().take(count).map(|(prefix, uri)| (*prefix, &**uri))
    }

    /// The next step.
    #[expect(clippy::should_implement_trait, reason = "it lends, and can fail")]
    pub fn next(&mut self) -> Result<Step<'a>, Broken> {
        self.step().map_err(|fault| fault.in_source(self.document))
    }

    /// The next element inside the one that is open; `None` at its end. There may be white space between them only.
    pub fn child(&mut self) -> Result<Option<Element<'a>>, Broken> {
        loop {
            let at = self.position();
            match self.next()? {
                Step::Start(element) => return Ok(Some(element)),
                Step::End => return Ok(None),
                Step::Text(text) if trimmed(text.as_bytes()).is_empty() => {}
                Step::Text(_) => return Err(self.refuse(at, "text stands where only elements are wanted")),
                Step::Over => return Err(self.refuse(at, "the document ends inside an element")),
            }
        }
    }

    /// The whole text of the element that was entered last, to its end.
    pub fn text(&mut self) -> Result<String, Broken> {
        let mut whole = String::new();
        loop {
            let at = self.position();
            match self.next()? {
                Step::Text(text) => whole.push_str(&text),
                Step::End => return Ok(whole),
                Step::Start(_) | Step::Over => return Err(self.refuse(at, "a text is wanted, and no element in it")),
            }
        }
    }

    /// Past all that is in the element that was entered last.
    pub fn to_end(&mut self) -> Result<(), Broken> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            self.next()?;
        }
        Ok(())
    }

    fn step(&mut self) -> Outcome<Step<'a>> {
        loop {
            let piece = self.pieces.next()?;
            let at = self.pieces.at();
            let text = match piece {
                Piece::Start(start) => return self.enter(&start).map(Step::Start),
                Piece::End => {
                    self.declared.truncate(self.open.pop().unwrap_or(0));
                    return Ok(Step::End);
                }
                Piece::Over => return self.over(at),
                Piece::Text(text) if self.open.is_empty() && trimmed(text.as_bytes()).is_empty() => continue,
                Piece::Text(text) => unified(checked(text, at)?),
                Piece::Cdata(text) => unified(text),
                Piece::Reference(reference) => Cow::Owned(referred(reference, at)?.to_string()),
            };
            if self.open.is_empty() {
                return Err(Fault::malformed(at, "text stands outside the root element"));
            }
            return Ok(Step::Text(text));
        }
    }

    fn over(&self, at: usize) -> Outcome<Step<'a>> {
        match (self.open.is_empty(), self.root) {
            (true, Root::Seen) => Ok(Step::Over),
            (true, Root::Awaited) => Err(Fault::malformed(at, "there is no root element")),
            (false, _) => Err(self.pieces.truncated()),
        }
    }

    fn enter(&mut self, start: &Start<'a>) -> Outcome<Element<'a>> {
        if self.open.is_empty() && self.root == Root::Seen {
            return Err(Fault::malformed(start.at, "the document has ended, and something follows"));
        }
        self.root = Root::Seen;
        if !start.is_named() {
            return Err(start.unknown());
        }
        if self.open.len() >= self.limits.depth() {
            return Err(Fault::limit(start.at, "too many levels"));
        }
        self.open.push(self.declared.len());
        let attributes = self.take(start)?;
        let (prefix, local) = start.split();
        let namespace = self.namespace(prefix, start.at)?;
        let mut element = Element { namespace, local, at: start.at, attributes: Vec::with_capacity(attributes.len()) };
        for attribute in attributes {
            self.add(&mut element, &attribute)?;
        }
        Ok(element)
    }
}

/// Whose lines end in line feeds, however they ended.
fn unified(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut unified = String::with_capacity(text.len());
    lines(text, |line| unified.push_str(line));
    Cow::Owned(unified)
}
