//! Texts, numbers and truth values, and lists of their values.

use serde_json::Value;

use super::resolve::Compiler;
use super::shape::{alternatives, is_null, kind};
use crate::lexical::chars::is_xml;
use crate::plan::node::{Scalar, ScalarKind};

impl<'a> Compiler<'a> {
    /// The scalar that this schema is, if it is one.
    pub(super) fn scalar(&mut self, schema: &'a Value, place: &str) -> Option<Scalar> {
        let values = listed(schema).or_else(|| constants(schema));
        let said = kind(schema).and_then(|said| scalar_kind(said, schema));
        let shown = values.as_ref().and_then(|values| common_kind(values));
        let kind = match (said, shown) {
            (Some(ScalarKind::Number), Some(ScalarKind::Integer)) => ScalarKind::Number,
            (Some(said), Some(shown)) if said != shown && !(is_time(said) && shown == ScalarKind::Text) => {
                self.refuse(place, "the values are not of the type");
                said
            }
            (said, shown) => said.or(shown)?,
        };
        let options: Vec<Box<str>> = values.unwrap_or_default().into_iter().map(written).collect();
        if kind == ScalarKind::Text && options.iter().any(|option| !option.chars().all(is_xml)) {
            self.refuse(place, "XML can't carry a character of these values");
        }
        Some(Scalar { kind, options })
    }
}

fn is_time(kind: ScalarKind) -> bool {
    matches!(kind, ScalarKind::Date | ScalarKind::DateTime)
}

fn scalar_kind(said: &str, schema: &Value) -> Option<ScalarKind> {
    match (said, schema.get("format").and_then(Value::as_str)) {
        ("string", Some("date-time")) => Some(ScalarKind::DateTime),
        ("string", Some("date")) => Some(ScalarKind::Date),
        ("string", _) => Some(ScalarKind::Text),
        ("integer", _) => Some(ScalarKind::Integer),
        ("number", _) => Some(ScalarKind::Number),
        ("boolean", _) => Some(ScalarKind::Boolean),
        _ => None,
    }
}

/// `enum` or `const`; `null` is counted elsewhere.
fn listed(schema: &Value) -> Option<Vec<&Value>> {
    let values = schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect::<Vec<_>>());
    let values = values.or_else(|| schema.get("const").map(|value| vec![value]))?;
    Some(values.into_iter().filter(|value| !value.is_null()).collect())
}

/// A `oneOf` of nothing but values, as documented enums are written.
fn constants(schema: &Value) -> Option<Vec<&Value>> {
    let mut values = Vec::new();
    for (_, one) in alternatives(schema, "oneOf").chain(alternatives(schema, "anyOf")) {
        match listed(one) {
            Some(listed) => values.extend(listed),
            None if is_null(one) => {}
            None => return None,
        }
    }
    (!values.is_empty()).then_some(values)
}

fn common_kind(values: &[&Value]) -> Option<ScalarKind> {
    let of = |value: &Value| match value {
        Value::String(_) => Some(ScalarKind::Text),
        Value::Bool(_) => Some(ScalarKind::Boolean),
        Value::Number(number) if number.is_f64() => Some(ScalarKind::Number),
        Value::Number(_) => Some(ScalarKind::Integer),
        _ => None,
    };
    let first = of(values.first()?)?;
    let numbers = |kind| matches!(kind, Some(ScalarKind::Number | ScalarKind::Integer));
    if values.iter().all(|value| of(value) == Some(first)) {
        return Some(first);
    }
    values.iter().all(|value| numbers(of(value))).then_some(ScalarKind::Number)
}

fn written(value: &Value) -> Box<str> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).into()
}
