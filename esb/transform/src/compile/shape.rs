//! What a schema looks like, without following its references.

use serde_json::Value;

/// The one type of a schema, said or shown.
pub(super) fn kind(schema: &Value) -> Option<&str> {
    let said = match schema.get("type") {
        Some(Value::String(kind)) => Some(kind.as_str()),
        Some(Value::Array(kinds)) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            let first = kinds.next()?;
            return if kinds.next().is_none() { Some(first) } else { Some("several types") };
        }
        _ => None,
    };
    let shown = || {
        let object = ["properties", "additionalProperties", "allOf"].iter().any(|key| schema.get(key).is_some());
        let array = schema.get("items").map(|_| "array");
        if object { Some("object") } else { array }
    };
    said.or_else(shown)
}

/// Whether `null` is one of its values.
pub(super) fn has_null(schema: &Value) -> bool {
    let typed =
        schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let listed = schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().any(Value::is_null));
    typed || listed || ["oneOf", "anyOf"].iter().any(|key| alternatives(schema, key).any(|(_, one)| is_null(one)))
}

/// Those of `oneOf` or `anyOf`.
pub(super) fn alternatives<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = (usize, &'a Value)> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate()
}

/// Whether `null` is its only value.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null") || schema.get("const").is_some_and(Value::is_null)
}

/// The schema inside a `oneOf`, `anyOf` or `allOf` that holds but one, `null` aside.
pub(super) fn only_one(schema: &Value) -> Option<(&'static str, usize, &Value)> {
    for keyword in ["oneOf", "anyOf", "allOf"] {
        let mut others = alternatives(schema, keyword).filter(|(_, one)| keyword == "allOf" || !is_null(one));
        let alone = others.next().filter(|_| others.next().is_none());
        let shaped = schema.get("properties").is_some() || schema.get("discriminator").is_some();
        if let Some((index, one)) = alone.filter(|_| !shaped) {
            return Some((keyword, index, one));
        }
    }
    None
}
