//! What is to be done with the documents of one schema.

pub(crate) mod node;

use std::sync::Arc;

use quick_xml::escape::escape;

use self::node::{Grammar, Tag, Use};
use crate::broken::{Broken, Fault, Kind, Outcome};
use crate::lexical::name::is_ncname;
use crate::lexical::ns::{Namespace, OURS};
use crate::to_json::{self, Fragment};
use crate::to_xml;

const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Takes the documents of one schema from JSON to XML and back. Knows nothing of Rust types, and is cheap to clone.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) grammar: Arc<Grammar>,
    pub(crate) root: Tag,
    pub(crate) of: Use,
}

impl Plan {
    pub(crate) fn new(grammar: Arc<Grammar>, root: &str, namespace: usize, of: Use) -> Self {
        let root = root_tag(&grammar.namespaces, root, namespace);
        Self { grammar, root, of }
    }

    /// The name of the root element.
    pub fn root(&self) -> &str {
        &self.root.local
    }

    /// Appends the JSON of a whole XML document. Where it fails, nothing is appended.
    pub fn to_json(&self, xml: &[u8], json: &mut Vec<u8>) -> Result<(), Broken> {
        let before = json.len();
        let outcome = self.sized(xml).and_then(|()| to_json::document(self, xml, json));
        outcome.map_err(|fault| {
            json.truncate(before);
            fault.in_source(xml)
        })
    }

    /// Appends the XML of a JSON document, with its declaration. Where it fails, nothing is appended.
    pub fn to_xml(&self, json: &[u8], xml: &mut Vec<u8>) -> Result<(), Broken> {
        let before = xml.len();
        xml.extend_from_slice(DECLARATION);
        self.write(json, xml, &self.root).inspect_err(|_| xml.truncate(before))
    }

    /// Appends the JSON of one element of a document, whose name may be another one than the schema's. Lines and columns
    /// are those of the document. Where it fails, nothing is appended.
    pub fn fragment_to_json(&self, fragment: &Fragment<'_>, json: &mut Vec<u8>) -> Result<(), Broken> {
        let before = json.len();
        let outcome = self.sized(fragment.document).and_then(|()| to_json::fragment(self, fragment, json));
        outcome.map_err(|fault| {
            json.truncate(before);
            fault.in_source(fragment.document)
        })
    }

    /// Appends the XML of a JSON document as an element `root` that can stand in any other document: it declares its
    /// own namespaces. Where it fails, nothing is appended.
    pub fn fragment_to_xml(&self, json: &[u8], root: &str, xml: &mut Vec<u8>) -> Result<(), Broken> {
        let before = xml.len();
        if *root == *self.root.local {
            return self.write(json, xml, &self.root).inspect_err(|_| xml.truncate(before));
        }
        if !is_ncname(root) {
            return Err(Fault::schema(0, "no element can have this name").in_source(json));
        }
        let tag = root_tag(&self.grammar.namespaces, root, self.root.namespace);
        self.write(json, xml, &tag).inspect_err(|_| xml.truncate(before))
    }

    fn write(&self, json: &[u8], xml: &mut Vec<u8>, root: &Tag) -> Result<(), Broken> {
        let outcome = self.sized(json).and_then(|()| to_xml::document(self, (json, root), xml));
        outcome.map_err(|fault| fault.in_source(json))
    }

    fn sized(&self, document: &[u8]) -> Outcome {
        let most = self.grammar.limits.body_max;
        if document.len() <= most {
            return Ok(());
        }
        Err(Fault::new(Kind::TooBig, 0, format!("the document is longer than {most} bytes")))
    }
}

/// A root declares every namespace that may come below it.
fn root_tag(namespaces: &[Namespace], local: &str, namespace: usize) -> Tag {
    let mut tag = Tag::element(namespaces, local, namespace);
    let mut start = tag.start.into_vec();
    for declared in namespaces {
        let colon = if declared.prefix.is_empty() { "" } else { ":" };
        let declaration = format!(" xmlns{colon}{}=\"{}\"", declared.prefix, escape(&*declared.uri));
        start.extend_from_slice(declaration.as_bytes());
    }
    tag.start = start.into();
    tag
}

impl Tag {
    pub(crate) fn element(namespaces: &[Namespace], local: &str, namespace: usize) -> Self {
        let name = qualified(namespaces, local, namespace);
        let (start, end) = (format!("<{name}").into_bytes(), format!("</{name}>").into_bytes());
        Self { namespace, local: local.into(), start: start.into(), end: end.into() }
    }

    pub(crate) fn attribute(namespaces: &[Namespace], local: &str, namespace: usize) -> Self {
        let name = qualified(namespaces, local, namespace);
        let start = format!(" {name}=\"").into_bytes();
        Self { namespace, local: local.into(), start: start.into(), end: Box::from(*b"\"") }
    }
}

fn qualified(namespaces: &[Namespace], local: &str, namespace: usize) -> String {
    match namespaces.get(namespace) {
        Some(known) if namespace != OURS => format!("{}:{local}", known.prefix),
        _ => local.to_owned(),
    }
}
