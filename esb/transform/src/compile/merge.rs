//! What an object consists of, when `allOf` has it from several schemas.

use serde_json::Value;

use super::resolve::Compiler;
use super::shape::kind;
use crate::broken::step;
use crate::plan::node::Presence;

/// The properties of an object, wherever they are written.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) properties: Vec<Property<'a>>,
    pub(super) required: Vec<&'a str>,
    /// What other properties look like, if they are described.
    pub(super) extra: Option<(&'a Value, String)>,
    /// Some part says that there are no others.
    closed: bool,
}

pub(super) struct Property<'a> {
    pub(super) key: &'a str,
    pub(super) schema: &'a Value,
    pub(super) place: String,
}

impl Parts<'_> {
    pub(super) fn presence(&self, key: &str) -> Presence {
        if self.required.contains(&key) { Presence::Required } else { Presence::Optional }
    }

    /// Whether nothing is known of it.
    pub(super) fn is_free(&self) -> bool {
        self.properties.is_empty() && self.extra.is_none() && !self.closed
    }
}

impl<'a> Compiler<'a> {
    /// Adds what `schema` says, and what it refers to.
    pub(super) fn gather(
        &mut self,
        (schema, place): (&'a Value, &str),
        parts: &mut Parts<'a>,
        level: usize,
    ) -> Option<()> {
        const LEVELS_MAX: usize = 16;
        if level > LEVELS_MAX {
            self.refuse(place, "`allOf` leads back to itself");
            return None;
        }
        if kind(schema).is_some_and(|kind| kind != "object") || schema.get("oneOf").or(schema.get("anyOf")).is_some() {
            self.refuse(place, "only objects of fixed properties can be merged");
            return None;
        }
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let place = step(&format!("{place}/properties"), key);
            self.add(Property { key, schema: property, place }, parts);
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        parts.required.extend(required.filter_map(Value::as_str));
        match schema.get("additionalProperties").or_else(|| schema.get("unevaluatedProperties")) {
            Some(Value::Bool(false)) => parts.closed = true,
            Some(extra @ Value::Object(_)) => parts.extra = Some((extra, format!("{place}/additionalProperties"))),
            Some(_) => {
                self.refuse(place, "properties of any name and kind can't be expressed");
                return None;
            }
            None => {}
        }
        for (index, one) in schema.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let target = self.follow((one, None), &format!("{place}/allOf/{index}"))?;
            self.gather((target.schema, &target.place), parts, level + 1)?;
        }
        Some(())
    }

    fn add(&mut self, property: Property<'a>, parts: &mut Parts<'a>) {
        match parts.properties.iter().find(|known| known.key == property.key) {
            None => parts.properties.push(property),
            Some(known) if known.schema == property.schema => {}
            Some(_) => self.refuse(&property.place, "`allOf` describes this property twice, and differently"),
        }
    }
}
