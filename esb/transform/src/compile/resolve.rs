//! From a schema to its node: references followed, `null` taken apart, each type compiled once.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::keywords::Keywords;
use super::shape::{has_null, kind, only_one};
use super::{PLACE, Refusal, first_namespace};
use crate::broken::step;
use crate::lexical::name::is_portable_ncname;
use crate::lexical::ns::{Namespace, OURS, XML, XMLNS, XSI};
use crate::limits::Limits;
use crate::plan::node::{Element, Grammar, Node, Null, Tag, Use};

/// The work in progress.
pub(super) struct Compiler<'a> {
    pub(super) schemas: &'a Map<String, Value>,
    /// `None` while it is compiled.
    pub(super) nodes: Vec<Option<Node>>,
    named: BTreeMap<&'a str, usize>,
    pub(super) namespaces: Vec<Namespace>,
    refusals: Vec<Refusal>,
}

/// A schema behind references and beside `null`.
pub(super) struct Target<'a> {
    pub(super) schema: &'a Value,
    pub(super) null: Null,
    /// The last name on the way, if the schema is all that this name means.
    name: Option<&'a str>,
    pub(super) place: String,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(schemas: &'a Map<String, Value>) -> Self {
        let namespaces = vec![first_namespace()];
        Self { schemas, nodes: Vec::new(), named: BTreeMap::new(), namespaces, refusals: Vec::new() }
    }

    pub(super) fn finish(self, limits: Limits) -> Result<Grammar, Vec<Refusal>> {
        if !self.refusals.is_empty() {
            return Err(self.refusals);
        }
        let nodes = self.nodes.into_iter().flatten().collect();
        Ok(Grammar { nodes, namespaces: self.namespaces, limits })
    }

    pub(super) fn refuse(&mut self, place: &str, detail: impl Into<String>) {
        let refusal = Refusal { place: place.to_owned(), detail: detail.into() };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    pub(super) fn component(&mut self, name: &'a str, place: &str) -> Use {
        match self.schemas.get(name) {
            Some(schema) => {
                let target = self.follow((schema, Some(name)), place);
                self.compiled(target)
            }
            None => self.nothing(place, format!("there is no schema `{name}`")),
        }
    }

    /// What stands at `place`.
    pub(super) fn used(&mut self, schema: &'a Value, place: &str) -> Use {
        let target = self.follow((schema, None), place);
        self.compiled(target)
    }

    pub(super) fn nothing(&mut self, place: &str, detail: impl Into<String>) -> Use {
        self.refuse(place, detail);
        Use { node: 0, null: Null::Refused }
    }

    fn compiled(&mut self, target: Option<Target<'a>>) -> Use {
        let Some(target) = target else { return Use { node: 0, null: Null::Refused } };
        if let Some(node) = target.name.and_then(|name| self.named.get(name)) {
            return Use { node: *node, null: target.null };
        }
        let node = self.nodes.len();
        self.nodes.push(None);
        if let Some(name) = target.name {
            self.named.insert(name, node);
        }
        let compiled = self.node(target.schema, &target.place);
        if let Some(slot) = self.nodes.get_mut(node) {
            *slot = compiled;
        }
        Use { node, null: target.null }
    }

    /// Goes through references and what only adds `null`.
    pub(super) fn follow(&mut self, (schema, name): (&'a Value, Option<&'a str>), place: &str) -> Option<Target<'a>> {
        let mut target = Target { schema, null: Null::Refused, name, place: place.to_owned() };
        let mut passed: Vec<&str> = name.into_iter().collect();
        loop {
            if target.schema.get("nullable").and_then(Value::as_bool) == Some(true) || has_null(target.schema) {
                target.null = Null::Allowed;
            }
            if let Some(reference) = target.schema.get("$ref") {
                let name = self.referred(reference, (&target, &passed))?;
                passed.push(name);
                (target.schema, target.name) = (self.schemas.get(name)?, Some(name));
                target.place = step(PLACE, name);
                continue;
            }
            let Some((keyword, index, inner)) = only_one(target.schema) else { return Some(target) };
            target.place = format!("{}/{keyword}/{index}", target.place);
            (target.schema, target.name) = (inner, None);
        }
    }

    fn referred(&mut self, reference: &'a Value, (target, passed): (&Target<'a>, &[&str])) -> Option<&'a str> {
        let (schema, place) = (target.schema, target.place.as_str());
        let name = reference.as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/"));
        let Some(name) = name.filter(|name| self.schemas.contains_key(*name)) else {
            self.refuse(place, format!("{reference} is no schema of this description that can be expressed"));
            return None;
        };
        if ["properties", "allOf", "oneOf", "anyOf", "items", "additionalProperties"]
            .iter()
            .any(|key| schema.get(key).is_some())
        {
            self.refuse(place, "a `$ref` beside other shapes can't be expressed: `allOf` can");
            return None;
        }
        if passed.contains(&name) {
            self.refuse(place, format!("`{name}` refers to nothing but itself"));
            return None;
        }
        Some(name)
    }

    fn node(&mut self, schema: &'a Value, place: &str) -> Option<Node> {
        for keyword in ["patternProperties", "prefixItems", "if", "dependentSchemas", "contains", "$dynamicRef"] {
            if schema.get(keyword).is_some() {
                self.refuse(place, format!("`{keyword}` can't be expressed"));
                return None;
            }
        }
        if let Some(scalar) = self.scalar(schema, place) {
            return Some(Node::Scalar(scalar));
        }
        if let Some(variants) = self.variants(schema, place).ok()? {
            return Some(Node::Variants(Box::new(variants)));
        }
        match kind(schema) {
            Some("array") => self.array(schema, place).map(Node::Array),
            Some("object") => self.object(schema, place).map(|object| Node::Object(Box::new(object))),
            Some(other) => {
                self.refuse(place, format!("`{other}` can't be expressed"));
                None
            }
            None => {
                self.refuse(place, "anything at all can stand here, which can't be expressed");
                None
            }
        }
    }

    fn array(&mut self, schema: &'a Value, place: &str) -> Option<Element> {
        let Some(items) = schema.get("items") else {
            self.refuse(place, "an array of anything can't be expressed");
            return None;
        };
        let place = format!("{place}/items");
        let keywords = Keywords::of(items);
        let tag = self.tag(&keywords, ("item", &place));
        Some(Element { tag, of: self.used(items, &place) })
    }

    /// The name of an element: its `xml.name`, else `name`.
    pub(super) fn tag(&mut self, keywords: &Keywords<'a>, (name, place): (&str, &str)) -> Tag {
        let name = self.checked(keywords, (name, place));
        let namespace = self.namespace(keywords);
        Tag::element(&self.namespaces, &name, namespace)
    }

    pub(super) fn checked(&mut self, keywords: &Keywords<'a>, (name, place): (&str, &str)) -> String {
        let name = keywords.name.unwrap_or(name);
        if !is_portable_ncname(name) {
            self.refuse(place, format!("`{name}` can't be a name in XML: give it an `xml.name`"));
        }
        if keywords.unknown {
            self.refuse(place, "`xml` has a `nodeType` that is not known, or one that contradicts it");
        }
        name.to_owned()
    }

    /// The number of the namespace, which gets a prefix of its own.
    pub(super) fn namespace(&mut self, keywords: &Keywords<'a>) -> usize {
        let Some(uri) = keywords.namespace.filter(|uri| !uri.is_empty()) else { return OURS };
        if let Some(known) = self.namespaces.iter().position(|known| *known.uri == *uri) {
            return known;
        }
        let number = self.namespaces.len();
        if matches!(uri, XSI | XML | XMLNS) {
            self.refuse(PLACE, format!("the namespace {uri} is not for documents"));
        }
        let free = |prefix: &&str| {
            let reserved = prefix.to_ascii_lowercase().starts_with("xml") || *prefix == "xsi" || *prefix == "xs";
            is_portable_ncname(prefix) && !reserved && self.namespaces.iter().all(|known| *known.prefix != **prefix)
        };
        let prefix = keywords.prefix.filter(free).map_or_else(|| format!("ns{number}"), str::to_owned);
        self.namespaces.push(Namespace { prefix: prefix.into(), uri: uri.into() });
        number
    }
}
