//! XML to JSON.

use super::PROBLEM_NAMESPACE;
use crate::broken::{Fault, Outcome};
use crate::lexical::chars::{json_escaped, trimmed};
use crate::lexical::ns::{INSTANCE, Namespace};
use crate::lexical::number::json_length;
use crate::limits::Limits;
use crate::plan::node::{Grammar, Name};
use crate::xml::attributes::Attributes;
use crate::xml::declaration::opened;
use crate::xml::scopes::{Scopes, declares};
use crate::xml::text::{checked, lines, referred};
use crate::xml::{Piece, Pieces, Start};

pub(super) fn document(xml: &[u8], json: &mut Vec<u8>) -> Outcome {
    let (text, content) = opened(xml)?;
    let namespaces = vec![Namespace { prefix: "".into(), uri: PROBLEM_NAMESPACE.into() }];
    let grammar = Grammar { nodes: Vec::new(), namespaces, limits: Limits::default() };
    let pieces = Pieces::new(text, content, text.len());
    let depth = grammar.limits.depth();
    let mut reading = Reading { pieces, scopes: Scopes::default(), grammar, json, depth };
    let mut read = false;
    loop {
        match reading.pieces.next()? {
            Piece::Over if read => return Ok(()),
            Piece::Text(text) if trimmed(text.as_bytes()).is_empty() => {}
            Piece::Start(start) if !read => {
                reading.named(&start, Some("problem"))?;
                read = true;
            }
            _ => return Err(Fault::malformed(reading.pieces.at(), "one root element is wanted, and nothing else")),
        }
    }
}

struct Reading<'a, 'j> {
    pieces: Pieces<'a>,
    scopes: Scopes<'a>,
    grammar: Grammar,
    json: &'j mut Vec<u8>,
    depth: usize,
}

/// What an element has turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    Members,
    Items,
}

impl<'a> Reading<'a, '_> {
    /// An element in the namespace of problems, to behind its end.
    fn named(&mut self, start: &Start<'a>, wanted: Option<&str>) -> Outcome {
        let before = self.scopes.enter(start, &self.grammar)?;
        let (prefix, local) = start.split();
        let name = Name { namespace: self.scopes.namespace(prefix, start.at)?, local };
        if name.namespace != 0 || wanted.is_some_and(|wanted| wanted != local) {
            return Err(start.unknown());
        }
        self.depth = self.depth.checked_sub(1).ok_or_else(|| Fault::limit(start.at, "too many levels"))?;
        let null = self.is_null(start)?;
        let from = self.json.len();
        self.content(local)?;
        if null {
            self.json.truncate(from);
            self.json.extend_from_slice(b"null");
        }
        self.depth += 1;
        self.scopes.leave(before);
        Ok(())
    }

    fn is_null(&self, start: &Start<'a>) -> Outcome<bool> {
        let mut attributes = Attributes::of(start);
        let mut null = false;
        while let Some(attribute) = attributes.next()? {
            let (prefix, local) = attribute.name.split_once(':').unwrap_or(("", attribute.name));
            let known = declares(attribute.name).is_some() || prefix.is_empty();
            if !known && local == "nil" && self.scopes.namespace(prefix, attribute.at)? == INSTANCE {
                null = matches!(&*attribute.value()?, "true" | "1");
            }
        }
        Ok(null)
    }

    fn content(&mut self, name: &str) -> Outcome {
        let (mut text, mut content) = (String::new(), Content::Text);
        loop {
            let piece = self.pieces.next()?;
            let at = self.pieces.at();
            match piece {
                Piece::Text(part) => lines(checked(part, at)?, |line| text.push_str(line)),
                Piece::Cdata(part) => lines(part, |line| text.push_str(line)),
                Piece::Reference(reference) => text.push(referred(reference, at)?),
                Piece::Over => return Err(self.pieces.truncated()),
                Piece::End => break,
                Piece::Start(start) => {
                    content = self.child(&start, content)?;
                }
            }
        }
        self.finish((name, &text), content);
        Ok(())
    }

    fn child(&mut self, start: &Start<'a>, content: Content) -> Outcome<Content> {
        let local = start.split().1;
        let content = match content {
            Content::Text => {
                let content = if local == "i" { Content::Items } else { Content::Members };
                self.json.push(if content == Content::Items { b'[' } else { b'{' });
                content
            }
            Content::Items if local != "i" => return Err(start.unknown()),
            other => {
                self.json.push(b',');
                other
            }
        };
        if content == Content::Members {
            self.json.push(b'"');
            json_escaped(self.json, local.as_bytes());
            self.json.extend_from_slice(b"\":");
        }
        self.named(start, None).map_err(|fault| fault.under(local))?;
        Ok(content)
    }

    fn finish(&mut self, (name, text): (&str, &str), content: Content) {
        let number = trimmed(text.as_bytes());
        match (content, name) {
            (Content::Items, _) => self.json.push(b']'),
            (Content::Members, _) => self.json.push(b'}'),
            (Content::Text, "errors") if number.is_empty() => self.json.extend_from_slice(b"[]"),
            (Content::Text, "problem") if number.is_empty() => self.json.extend_from_slice(b"{}"),
            (Content::Text, "status" | "line" | "column")
                if !number.is_empty() && json_length(number) == number.len() =>
            {
                self.json.extend_from_slice(number);
            }
            (Content::Text, _) => {
                self.json.push(b'"');
                json_escaped(self.json, text.as_bytes());
                self.json.push(b'"');
            }
        }
    }
}
