//! OpenAPI documents, made one: only what a route exposes, under the route's own path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chassis::http::describe_answers;
use serde_json::{Map, Value, json};

use crate::route::{HttpPattern, PathPattern, Route, ServicePath, Target};

const SCHEMAS: &str = "#/components/schemas/";

/// `own`, and of each service's document what `routes` expose.
pub(super) fn merge(own: Value, told: &BTreeMap<String, Arc<Value>>, routes: &[Route]) -> Value {
    let mut merged = own;
    for (service, document) in told {
        let document = apart(&merged, service, document);
        for route in routes {
            if let (Target::Service(to), Some(http)) = (&route.to, &route.from.http)
                && to.service == *service
                && let Some(operation) = operation(&document, http, to)
            {
                let path = http.path.to_string();
                let method = http.method.as_str().to_ascii_lowercase();
                object(&mut merged, &["paths", &path]).entry(method).or_insert(operation);
            }
        }
        for part in ["schemas", "securitySchemes"] {
            let more = document.pointer(&format!("/components/{part}")).and_then(Value::as_object).cloned();
            let known = object(&mut merged, &["components", part]);
            for (name, schema) in more.into_iter().flatten() {
                known.entry(name).or_insert(schema);
            }
        }
    }
    prune(&mut merged);
    describe_answers(&mut merged);
    merged
}

/// The object at this place, made where it is missing.
fn object<'a>(document: &'a mut Value, place: &[&str]) -> &'a mut Map<String, Value> {
    let fields = match document {
        Value::Object(fields) => fields,
        other => {
            *other = json!({});
            return object(other, place);
        }
    };
    match place {
        [] => fields,
        [name, rest @ ..] => object(fields.entry(*name).or_insert_with(|| json!({})), rest),
    }
}

/// The document, where schemas that another service calls the same but means otherwise bear the service's name.
fn apart(merged: &Value, service: &str, document: &Value) -> Value {
    let schemas =
        |of: &Value| of.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let (known, own) = (schemas(merged), schemas(document));
    let clashing = own.iter().filter(|(name, schema)| known.get(*name).is_some_and(|other| other != *schema));
    let names = clashing.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    if names.is_empty() {
        return document.clone();
    }
    let prefix = pascal(service);
    let mut renamed = document.clone();
    rename_references(&mut renamed, &|name| names.contains(name).then(|| format!("{prefix}{name}")));
    let schemas = object(&mut renamed, &["components", "schemas"]);
    for name in &names {
        if let Some(schema) = schemas.remove(name) {
            schemas.insert(format!("{prefix}{name}"), schema);
        }
    }
    renamed
}

fn rename_references(value: &mut Value, rename: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, rename)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let target = field.as_str().filter(|_| name == "$ref").and_then(|text| text.strip_prefix(SCHEMAS));
                match target.map(rename) {
                    Some(Some(new)) => *field = Value::from(format!("{SCHEMAS}{new}")),
                    Some(None) => {}
                    None => rename_references(field, rename),
                }
            }
        }
        _ => {}
    }
}

/// `order-service` → `OrderService`.
fn pascal(service: &str) -> String {
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    service.split('-').map(capital).collect::<Vec<String>>().concat()
}

/// The operation behind a route, with its path parameters called as the route calls them.
fn operation(document: &Value, http: &HttpPattern, to: &ServicePath) -> Option<Value> {
    let paths = document.get("paths")?.as_object()?;
    let same = |path: &String| PathPattern::parse(path).ok().filter(|path| path.shape() == to.path.shape());
    let (theirs, item) = paths.iter().find_map(|(path, item)| Some((same(path)?, item)))?;
    let mut operation = item.get(http.method.as_str().to_ascii_lowercase())?.clone();
    let names = theirs.parameters().zip(to.path.parameters()).collect::<BTreeMap<_, _>>();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter(|one| one.get("in") == Some(&json!("path"))) {
        let name = parameter.get("name").and_then(Value::as_str).and_then(|name| names.get(name)).copied();
        if let (Some(name), Some(fields)) = (name, parameter.as_object_mut()) {
            fields.insert("name".to_owned(), Value::from(name));
        }
    }
    Some(operation)
}

/// Leaves out schemas that no operation needs.
fn prune(merged: &mut Value) {
    let Some(schemas) = merged.pointer("/components/schemas").and_then(Value::as_object).cloned() else { return };
    let mut needed = BTreeSet::new();
    let mut open = references(merged.get("paths").unwrap_or(&Value::Null));
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name).filter(|_| needed.insert(name.clone())) {
            open.extend(references(schema));
        }
    }
    object(merged, &["components", "schemas"]).retain(|name, _| needed.contains(name));
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => {
            let target = fields.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(SCHEMAS));
            target.map(str::to_owned).into_iter().chain(fields.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}
