//! What XML can't express is refused when the schema is compiled, all of it at once, naming the place.

use serde_json::{Value, json};
use transform::{Limits, Schemas};

use crate::world::description;

fn places(schemas: &Value) -> Vec<String> {
    let refusals = Schemas::compile(&description(schemas), Limits::default()).unwrap_err();
    refusals.into_iter().map(|refusal| refusal.place).collect()
}

fn refused(schema: &Value) {
    let places = places(&json!({"Thing": {"type": "object", "properties": {"p": schema}}}));
    assert!(places.iter().all(|place| place.starts_with("/components/schemas/Thing")), "{places:?}");
}

#[test]
fn what_has_no_form_is_refused() {
    for schema in [
        json!({}),
        json!({"description": "anything"}),
        json!({"type": "object"}),
        json!({"type": "array"}),
        json!({"type": "object", "additionalProperties": true}),
        json!({"type": ["string", "integer"]}),
        json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "string"}}),
        json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
        json!({"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]}),
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"$ref": "#/components/schemas/Missing"}),
        json!({"$ref": "https://example.com/x.json"}),
        json!({"enum": ["a", 1]}),
        json!({"enum": ["\u{1}"]}),
        json!({"type": "string", "xml": {"name": "not a name"}}),
        json!({"type": "array", "items": {"type": "string"}, "xml": {"attribute": true}}),
        json!({"type": ["string", "null"], "xml": {"attribute": true}}),
        json!({"type": "string", "xml": {"wrapped": false}}),
        json!({"type": "string", "xml": {"nodeType": "comment"}}),
        json!({"type": "string", "xml": {"x-text": true}}),
        json!({"type": ["array", "null"], "items": {"type": "string"}, "xml": {"wrapped": false}}),
        json!({"type": "null"}),
        json!(true),
        json!({"type": "object", "properties": {"entry": {"type": "string"}}, "additionalProperties": {"type": "string"}}),
    ] {
        refused(&schema);
    }
}

#[test]
fn every_place_is_named_and_the_rest_can_still_be_used() {
    let schemas = json!({
        "Good": {"type": "object", "properties": {"a": {"type": "string"}}},
        "Free": {"type": "object", "properties": {"x/y": {"xml": {"name": "xy"}}, "z": {"type": "array"}}},
        "User": {"type": "object", "properties": {"free": {"$ref": "#/components/schemas/Free"}}},
    });
    assert_eq!(places(&schemas), ["/components/schemas/Free/properties/x~1y", "/components/schemas/Free/properties/z"]);
    let (usable, refused) = Schemas::partly(&description(&schemas), Limits::default());
    assert_eq!(usable.roots().collect::<Vec<_>>(), ["good"]);
    assert_eq!(refused.len(), 3);
}

#[test]
fn names_that_collide_are_refused() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    assert_eq!(
        places(&json!({"PlaceOrder": object, "place_order": {"type": "string"}})),
        ["/components/schemas/place_order"]
    );
    assert_eq!(places(&json!({"Types": object})), ["/components/schemas/Types"]);
    assert_eq!(
        places(&json!({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}})).len(),
        2
    );
    let twice = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string", "xml": {"name": "a"}}}});
    assert_eq!(places(&json!({"Thing": twice})), ["/components/schemas/Thing/properties/b"]);
}
