//! `OpenAPI`'s `xml`, in the spelling of 3.1, of 3.2 (`nodeType`), and with `x-text`.

use serde_json::Value;

/// What a schema says of its XML, there where it is used.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keywords<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) namespace: Option<&'a str>,
    pub(super) prefix: Option<&'a str>,
    pub(super) kind: Option<NodeKind>,
    /// `nodeType` or `wrapped` have a value that is none of the known ones.
    pub(super) unknown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Element,
    Attribute,
    Text,
    /// No node: of an array, no wrapper.
    Nothing,
}

impl<'a> Keywords<'a> {
    pub(super) fn of(schema: &'a Value) -> Self {
        let xml = schema.get("xml");
        let text = |key: &str| xml.and_then(|xml| xml.get(key)).and_then(Value::as_str);
        let flag = |key: &str| xml.and_then(|xml| xml.get(key)).and_then(Value::as_bool);
        let (kind, mut unknown) = match text("nodeType") {
            None => (None, false),
            Some("element") => (Some(NodeKind::Element), false),
            Some("attribute") => (Some(NodeKind::Attribute), false),
            Some("text" | "cdata") => (Some(NodeKind::Text), false),
            Some("none") => (Some(NodeKind::Nothing), false),
            Some(_) => (None, true),
        };
        let marked = schema.get("x-text").and_then(Value::as_bool).or_else(|| flag("x-text"));
        let older = if flag("attribute") == Some(true) {
            Some(NodeKind::Attribute)
        } else if marked == Some(true) {
            Some(NodeKind::Text)
        } else {
            flag("wrapped").map(|wrapped| if wrapped { NodeKind::Element } else { NodeKind::Nothing })
        };
        unknown |= kind.is_some() && older.is_some() && kind != older;
        let (name, namespace, prefix) = (text("name"), text("namespace"), text("prefix"));
        Self { name, namespace, prefix, kind: kind.or(older), unknown }
    }
}
