//! Objects: which property is an attribute, which an element, which the text.

use serde_json::Value;

use super::keywords::{Keywords, NodeKind};
use super::merge::{Parts, Property};
use super::resolve::Compiler;
use crate::lexical::chars::json_escaped;
use crate::lexical::ns::OURS;
use crate::plan::node::{Element, Field, Node, Null, Object, Place, Presence, Shape, Tag, Use};

impl<'a> Compiler<'a> {
    pub(super) fn object(&mut self, schema: &'a Value, place: &str) -> Option<Object> {
        let mut parts = Parts::default();
        self.gather((schema, place), &mut parts, 0)?;
        if parts.is_free() {
            self.refuse(
                place,
                "an object of any properties can't be expressed: `additionalProperties: false` closes it",
            );
            return None;
        }
        let mut fields: Vec<Field> = Vec::new();
        for property in &parts.properties {
            let field = self.field(property, parts.presence(property.key));
            self.distinct(&fields, &field, &property.place);
            fields.push(field);
        }
        let extra = parts.extra.as_ref().map(|(schema, place)| self.used(schema, place));
        self.shaped(fields, extra, place)
    }

    fn shaped(&mut self, mut fields: Vec<Field>, extra: Option<Use>, place: &str) -> Option<Object> {
        fields.sort_by_key(|field| field.place != Place::Attribute);
        let attributes = fields.iter().take_while(|field| field.place == Place::Attribute).count();
        let text = fields.iter().position(|field| field.place == Place::Text);
        let repeating = fields.iter().any(|field| field.place == Place::Repeated);
        let shape = match text {
            Some(text) => Shape::Text(text),
            None if repeating => Shape::Repeating,
            None => Shape::Elements,
        };
        if text.is_some() && (fields.len() > attributes + 1 || extra.is_some()) {
            self.refuse(place, "text between elements can't be expressed");
            return None;
        }
        let entry = fields.iter().any(|field| field.place != Place::Attribute && *field.tag.local == *"entry");
        if extra.is_some() && entry {
            self.refuse(place, "a property called `entry` can't be told from the entries of a map");
            return None;
        }
        let by_key = fields.iter().enumerate().map(|(index, field)| (field.key.clone(), index)).collect();
        Some(Object { fields, attributes, by_key, extra, shape })
    }

    fn field(&mut self, property: &Property<'a>, presence: Presence) -> Field {
        let keywords = Keywords::of(property.schema);
        let mut of = self.used(property.schema, &property.place);
        let (key, place) = (property.key, property.place.as_str());
        let stands = match keywords.kind {
            Some(NodeKind::Attribute) => Place::Attribute,
            Some(NodeKind::Text) => Place::Text,
            Some(NodeKind::Nothing) => Place::Repeated,
            Some(NodeKind::Element) | None => Place::Element,
        };
        let tag = match stands {
            Place::Element => self.tag(&keywords, (key, place)),
            Place::Attribute => {
                let name = self.checked(&keywords, (key, place));
                let namespace = self.namespace(&keywords);
                Tag::attribute(&self.namespaces, &name, namespace)
            }
            Place::Text => Tag::element(&self.namespaces, "", OURS),
            Place::Repeated => match self.repeated((property, &keywords), of) {
                Some(item) => {
                    of = item.of;
                    item.tag
                }
                None => Tag::element(&self.namespaces, key, OURS),
            },
        };
        self.fits((stands, presence), of, place);
        let mut quoted = b"\"".to_vec();
        json_escaped(&mut quoted, key.as_bytes());
        quoted.extend_from_slice(b"\":");
        Field { key: key.into(), quoted: quoted.into(), place: stands, tag, of, presence }
    }

    /// An array without a wrapper: its items are named by their own name, else by the property's.
    fn repeated(&mut self, (property, keywords): (&Property<'a>, &Keywords<'a>), of: Use) -> Option<Element> {
        let target = self.follow((property.schema, None), &property.place)?;
        let place = property.place.as_str();
        let Some(items) = target.schema.get("items") else {
            self.refuse(place, "only an array can do without an element of its own");
            return None;
        };
        if of.null == Null::Allowed {
            self.refuse(place, "null can't be expressed for an array without a wrapper");
        }
        let item = Keywords::of(items);
        let keywords = if item.name.is_some() { item } else { Keywords { kind: None, ..*keywords } };
        let tag = self.tag(&keywords, (property.key, place));
        let of = self.used(items, &format!("{}/items", target.place));
        Some(Element { tag, of })
    }

    /// Attributes and text hold one value, which has to be there to be told from none.
    fn fits(&mut self, (stands, presence): (Place, Presence), of: Use, place: &str) {
        if !matches!(stands, Place::Attribute | Place::Text) {
            return;
        }
        let scalar = self.nodes.get(of.node).is_none_or(|node| matches!(node, Some(Node::Scalar(_))));
        if !scalar {
            self.refuse(place, "only a string, number or boolean can be an attribute or a text");
        }
        if of.null == Null::Allowed {
            self.refuse(place, "null can't be expressed in an attribute or a text");
        }
        if stands == Place::Text && presence == Presence::Optional {
            self.refuse(place, "an absent text can't be told from an empty one: it has to be `required`");
        }
    }

    fn distinct(&mut self, fields: &[Field], field: &Field, place: &str) {
        let attribute = |place| place == Place::Attribute;
        let same = |known: &&Field| attribute(known.place) == attribute(field.place) && known.tag.same_name(&field.tag);
        if let Some(known) = fields.iter().find(same) {
            let detail = format!("it has the same name in XML as `{}`", known.key);
            self.refuse(place, detail);
        }
        if attribute(field.place) && *field.tag.local == *"xmlns" {
            self.refuse(place, "`xmlns` is no name for an attribute");
        }
    }

    /// An entry of a map says its key as the attribute `key`, which its value can't have too.
    pub(super) fn check_entries(&mut self) {
        let extras = self.nodes.iter().flatten().filter_map(|node| match node {
            Node::Object(object) => object.extra.map(|extra| extra.node),
            _ => None,
        });
        let taken: Vec<usize> = extras.filter(|extra| self.has_key(*extra)).collect();
        if !taken.is_empty() {
            self.refuse(super::PLACE, "the values of a map have an attribute `key`, as the entries of maps do");
        }
    }

    fn has_key(&self, node: usize) -> bool {
        match self.nodes.get(node) {
            Some(Some(Node::Object(object))) => object
                .fields
                .iter()
                .take(object.attributes)
                .any(|field| field.tag.namespace == OURS && *field.tag.local == *"key"),
            Some(Some(Node::Variants(variants))) => variants.nodes.values().any(|node| self.has_key(*node)),
            _ => false,
        }
    }
}

impl Tag {
    pub(super) fn same_name(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.local == other.local
    }
}
