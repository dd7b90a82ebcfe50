//! Descriptions and documents by chance, and what to do with them.

pub(crate) mod chance;
pub(crate) mod document;
pub(crate) mod lexical;
pub(crate) mod outside;
pub(crate) mod schema;

use serde_json::{Value, json};
use transform::{Broken, Limits, Plan, Schemas};

/// Those of one description, which has to be expressible.
pub(crate) fn compiled(description: &Value) -> Schemas {
    Schemas::compile(description, Limits::default()).unwrap_or_else(|refusals| panic!("{refusals:#?}\n{description:#}"))
}

/// A description of these schemas.
pub(crate) fn description(schemas: &Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas}})
}

/// Those of our services.
pub(crate) fn contracts() -> Value {
    serde_json::to_value(contracts::description()).unwrap()
}

/// One schema called `Thing`, and others that it may refer to.
pub(crate) fn thing(schemas: &Value) -> Schemas {
    compiled(&description(schemas))
}

pub(crate) fn to_xml(plan: &Plan, json: &str) -> Result<String, Broken> {
    let mut xml = Vec::new();
    plan.to_xml(json.as_bytes(), &mut xml)?;
    Ok(String::from_utf8(xml).unwrap())
}

pub(crate) fn to_json(plan: &Plan, xml: &str) -> Result<String, Broken> {
    let mut json = Vec::new();
    plan.to_json(xml.as_bytes(), &mut json)?;
    Ok(String::from_utf8(json).unwrap())
}
