//! What a schema becomes: nodes that name each other by number, so that recursive types cost nothing.

use std::collections::BTreeMap;

use crate::lexical::ns::Namespace;
use crate::limits::Limits;

/// All types of one description.
#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) nodes: Vec<Node>,
    /// The first is ours.
    pub(crate) namespaces: Vec<Namespace>,
    pub(crate) limits: Limits,
}

/// The number of a node, and whether `null` may stand in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) node: usize,
    pub(crate) null: Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    Allowed,
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Scalar(Scalar),
    /// Named and used for each item.
    Array(Element),
    Object(Box<Object>),
    Variants(Box<Variants>),
}

/// A text, number or truth value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar {
    pub(crate) kind: ScalarKind,
    /// The values there are; any where empty.
    pub(crate) options: Vec<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    Text,
    DateTime,
    Date,
    Integer,
    Number,
    Boolean,
}

/// An element with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    pub(crate) of: Use,
}

/// A name, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Its number in the grammar.
    pub(crate) namespace: usize,
    pub(crate) local: Box<str>,
    /// `<name`, without the closing bracket; of attributes ` name="`.
    pub(crate) start: Box<[u8]>,
    /// `</name>`.
    pub(crate) end: Box<[u8]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// Attributes first, the others in the schema's order.
    pub(crate) fields: Vec<Field>,
    /// How many of them are attributes.
    pub(crate) attributes: usize,
    /// By property.
    pub(crate) by_key: BTreeMap<Box<str>, usize>,
    /// What properties that are not named look like, if there may be some.
    pub(crate) extra: Option<Use>,
    pub(crate) shape: Shape,
}

/// What stands between an object's tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each element once.
    Elements,
    /// Some elements once per item.
    Repeating,
    /// The text of this field.
    Text(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) key: Box<str>,
    /// `"key":`.
    pub(crate) quoted: Box<[u8]>,
    pub(crate) place: Place,
    pub(crate) tag: Tag,
    pub(crate) of: Use,
    pub(crate) presence: Presence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Attribute,
    Element,
    /// An array without a wrapper: the element and use are those of its items.
    Repeated,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// Objects of which a property says which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variants {
    pub(crate) key: Box<str>,
    pub(crate) place: Place,
    pub(crate) tag: Tag,
    /// By the property's value: the node, which is an object.
    pub(crate) nodes: BTreeMap<Box<str>, usize>,
}

/// Stands where a number leads nowhere, which compiling rules out.
static NOWHERE: Node = Node::Scalar(Scalar { kind: ScalarKind::Text, options: Vec::new() });

impl Grammar {
    pub(crate) fn node(&self, of: Use) -> &Node {
        self.at(of.node)
    }

    pub(crate) fn at(&self, node: usize) -> &Node {
        self.nodes.get(node).unwrap_or(&NOWHERE)
    }
}

impl Object {
    /// The field of the property `key`; `hint` is where it probably is.
    pub(crate) fn by_key(&self, key: &[u8], hint: usize) -> Option<(usize, &Field)> {
        if let Some(field) = self.fields.get(hint).filter(|field| field.key.as_bytes() == key) {
            return Some((hint, field));
        }
        let index = *self.by_key.get(std::str::from_utf8(key).ok()?)?;
        Some((index, self.fields.get(index)?))
    }

    /// The field that stands as the element `name`.
    pub(crate) fn by_element(&self, name: Name<'_>, hint: usize) -> Option<(usize, &Field)> {
        let fits = |field: &&Field| field.tag.is(name) && matches!(field.place, Place::Element | Place::Repeated);
        if let Some(field) = self.fields.get(hint).filter(fits) {
            return Some((hint, field));
        }
        self.fields.iter().enumerate().find(|(_, field)| fits(field))
    }

    /// The field that stands as the attribute `name`.
    pub(crate) fn by_attribute(&self, name: Name<'_>) -> Option<(usize, &Field)> {
        let attributes = self.fields.iter().take(self.attributes);
        attributes.enumerate().find(|(_, field)| field.tag.is(name))
    }
}

/// A name out of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    /// Its number in the grammar.
    pub(crate) namespace: usize,
    pub(crate) local: &'a str,
}

impl Tag {
    pub(crate) fn is(&self, name: Name<'_>) -> bool {
        self.namespace == name.namespace && *self.local == *name.local
    }
}

/// Which fields of an object have come.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    first: u128,
    rest: Vec<u128>,
}

impl Seen {
    /// Marks the field; `false` where it was marked already.
    pub(crate) fn mark(&mut self, index: usize) -> bool {
        let bit = 1_u128 << (index % 128);
        let word = match (index / 128).checked_sub(1) {
            None => &mut self.first,
            Some(word) => {
                self.rest.resize(self.rest.len().max(word + 1), 0);
                let Some(word) = self.rest.get_mut(word) else { return false };
                word
            }
        };
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }
}
