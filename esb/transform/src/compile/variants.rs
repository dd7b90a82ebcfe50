//! `oneOf` with a discriminator: objects of which a property says which one it is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::keywords::{Keywords, NodeKind};
use super::merge::Parts;
use super::resolve::Compiler;
use super::shape::{alternatives, is_null};
use crate::plan::node::{Place, Scalar, ScalarKind, Tag, Variants};

/// It can't be expressed, which has been reported.
pub(super) struct Refused;

/// Where the property that says it stands, the same in all variants.
type Stand = (Place, Tag);

impl<'a> Compiler<'a> {
    /// `None` where the schema has no alternatives.
    pub(super) fn variants(&mut self, schema: &'a Value, place: &str) -> Result<Option<Variants>, Refused> {
        let Some(keyword) = ["oneOf", "anyOf"].into_iter().find(|keyword| schema.get(keyword).is_some()) else {
            return Ok(None);
        };
        let key = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
        let Some(key) = key.filter(|_| keyword == "oneOf" && schema.get("properties").is_none()) else {
            self.refuse(place, format!("`{keyword}` without a `discriminator` can't be expressed"));
            return Err(Refused);
        };
        let mut variants: BTreeMap<Box<str>, usize> = BTreeMap::new();
        let mut stand: Option<Stand> = None;
        for (index, one) in alternatives(schema, keyword).filter(|(_, one)| !is_null(one)) {
            let place = format!("{place}/{keyword}/{index}");
            let node = self.used(one, &place).node;
            let found = self.says((one, key), &place).ok_or(Refused)?;
            for value in values(schema, one, &found.1) {
                let before = variants.insert(value.clone(), node);
                self.once((before, node), &value, &place);
            }
            if stand.as_ref().is_some_and(|stand| *stand != found.0) {
                self.refuse(&place, format!("`{key}` is written differently in XML than in the other variants"));
            }
            stand = Some(found.0);
        }
        let (place, tag) = stand.ok_or(Refused)?;
        Ok(Some(Variants { key: key.into(), place, tag, nodes: variants }))
    }

    /// A value says one thing only.
    fn once(&mut self, (before, node): (Option<usize>, usize), value: &str, place: &str) {
        if before.is_some_and(|before| before != node) {
            self.refuse(place, format!("`{value}` says two different things"));
        }
    }

    /// How a variant writes the property `key`, and the values that it may have there. Asked of the schema: the variant
    /// itself may still be in the making, where it holds what it is a variant of.
    fn says(&mut self, (one, key): (&'a Value, &str), place: &str) -> Option<(Stand, Vec<Box<str>>)> {
        let target = self.follow((one, None), place)?;
        let mut parts = Parts::default();
        self.gather((target.schema, &target.place), &mut parts, 0)?;
        let Some(property) = parts.properties.iter().find(|property| property.key == key) else {
            self.refuse(place, format!("this has no property `{key}`"));
            return None;
        };
        let keywords = Keywords::of(property.schema);
        let name = self.checked(&keywords, (key, &property.place));
        let namespace = self.namespace(&keywords);
        let stand = match keywords.kind {
            None | Some(NodeKind::Element) => (Place::Element, Tag::element(&self.namespaces, &name, namespace)),
            Some(NodeKind::Attribute) => (Place::Attribute, Tag::attribute(&self.namespaces, &name, namespace)),
            Some(NodeKind::Text | NodeKind::Nothing) => {
                self.refuse(&property.place, "what says which variant this is has to be an element or an attribute");
                return None;
            }
        };
        let target = self.follow((property.schema, None), &property.place)?;
        let scalar = self.scalar(target.schema, &target.place);
        let Some(Scalar { kind: ScalarKind::Text, options }) = scalar else {
            self.refuse(&property.place, "what says which variant this is has to be a string");
            return None;
        };
        Some((stand, options))
    }
}

/// What stands for this variant: what the mapping says, else what it says itself, else its name.
fn values(schema: &Value, one: &Value, own: &[Box<str>]) -> Vec<Box<str>> {
    let name = one.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().filter(|(_, to)| {
        let to = to.as_str().and_then(|to| to.rsplit('/').next());
        to.is_some() && to == name
    });
    let mapped: Vec<Box<str>> = mapped.map(|(value, _)| value.as_str().into()).collect();
    if !mapped.is_empty() {
        return mapped;
    }
    if own.is_empty() { name.into_iter().map(Into::into).collect() } else { own.to_vec() }
}
