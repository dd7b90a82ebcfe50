//! Which prefix means which namespace, element by element.

use crate::broken::{Fault, Outcome, shown};
use crate::lexical::name::is_ncname;
use crate::lexical::ns::{FOREIGN, INSTANCE, NONE, RESERVED, XML, XMLNS, XSI};
use crate::plan::node::Grammar;
use crate::xml::Start;
use crate::xml::attributes::{Attribute, Attributes};

/// The declarations that are in force; later ones win.
#[derive(Debug, Default)]
pub(crate) struct Scopes<'a> {
    bindings: Vec<(&'a str, usize)>,
}

impl<'a> Scopes<'a> {
    /// Takes what `start` declares; the answer is for [`Scopes::leave`].
    pub(crate) fn enter(&mut self, start: &Start<'a>, grammar: &Grammar) -> Outcome<usize> {
        let before = self.bindings.len();
        let limits = &grammar.limits;
        if start.name.len() > limits.name_max {
            return Err(Fault::limit(start.at, format!("a name is longer than {} bytes", limits.name_max)));
        }
        let (mut attributes, mut count) = (Attributes::of(start), 0_usize);
        while let Some(attribute) = attributes.next()? {
            count += 1;
            if count > limits.attributes_max {
                return Err(Fault::limit(attribute.at, format!("more than {} attributes", limits.attributes_max)));
            }
            if attribute.name.len() > limits.name_max {
                return Err(Fault::limit(attribute.at, format!("a name is longer than {} bytes", limits.name_max)));
            }
            if let Some(prefix) = declares(attribute.name) {
                self.declare((prefix, &attribute), before, grammar)?;
            }
        }
        Ok(before)
    }

    pub(crate) fn leave(&mut self, before: usize) {
        self.bindings.truncate(before);
    }

    fn declare(&mut self, (prefix, attribute): (&'a str, &Attribute<'a>), before: usize, grammar: &Grammar) -> Outcome {
        let at = attribute.at;
        let uri = attribute.value()?;
        let default = attribute.name == "xmlns";
        let namespace = number(grammar, &uri);
        let reserved = prefix == "xmlns" || *uri == *XMLNS || (prefix == "xml") != (namespace == RESERVED);
        let unnamed = !default && (uri.is_empty() || !is_ncname(prefix));
        if reserved || unnamed {
            return Err(Fault::malformed(at, format!("`{}` can't be declared so", shown(attribute.name.as_bytes()))));
        }
        let here = self.bindings.get(before..).unwrap_or(&[]);
        if here.iter().any(|(known, _)| *known == prefix) {
            return Err(Fault::malformed(at, "a second attribute of this name"));
        }
        self.bind((prefix, namespace), at, grammar)
    }

    fn bind(&mut self, (prefix, namespace): (&'a str, usize), at: usize, grammar: &Grammar) -> Outcome {
        let most = grammar.limits.namespaces_max;
        if self.bindings.len() >= most {
            return Err(Fault::limit(at, format!("more than {most} namespaces")));
        }
        self.bindings.push((prefix, namespace));
        Ok(())
    }

    /// What is in force around the document.
    pub(crate) fn outer(&mut self, outer: &[(&'a str, &str)], grammar: &Grammar) -> Outcome {
        outer.iter().try_for_each(|(prefix, uri)| self.bind((prefix, number(grammar, uri)), 0, grammar))
    }

    /// What `prefix` means for an element at `at`.
    pub(crate) fn namespace(&self, prefix: &str, at: usize) -> Outcome<usize> {
        match self.bindings.iter().rfind(|(known, _)| is_same(known, prefix)) {
            Some((_, namespace)) => Ok(*namespace),
            None if prefix.is_empty() => Ok(NONE),
            None if prefix == "xml" => Ok(RESERVED),
            None => Err(Fault::malformed(at, format!("the prefix `{}` is not declared", shown(prefix.as_bytes())))),
        }
    }
}

/// Nothing is never compared: the C library reads from the address of an empty text, masked, and where nothing is mapped
/// there the processor takes longer over it than over all the rest of an element.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && (one.is_empty() || one == other)
}

/// The prefix that an attribute of this name declares; empty for the default namespace.
pub(crate) fn declares(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

fn number(grammar: &Grammar, uri: &str) -> usize {
    match uri {
        "" => NONE,
        XSI => INSTANCE,
        XML => RESERVED,
        other => grammar.namespaces.iter().position(|known| *known.uri == *other).unwrap_or(FOREIGN),
    }
}
