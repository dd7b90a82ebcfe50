//! What holds for any bytes at all: no panic, and what is taken comes back the same. The fuzzer and a test run this.

use std::sync::{Arc, OnceLock};

use serde_json::json;
use transform::{Limits, Plan, Schemas};

/// A schema with some of everything.
pub(crate) fn plan() -> &'static Arc<Plan> {
    static PLAN: OnceLock<Arc<Plan>> = OnceLock::new();
    PLAN.get_or_init(|| {
        let note = json!({"type": "object", "required": ["body"], "properties": {
            "body": {"type": "string", "xml": {"x-text": true}}, "lang": {"type": "string", "xml": {"attribute": true}},
        }});
        let variant = |name: &str, value: serde_json::Value| json!({"type": "object", "required": ["kind"], "properties": {
            "kind": {"type": "string", "const": name}, "value": value,
        }});
        let described = json!({"components": {"schemas": {
            "T": {"type": "object", "properties": {
                "s": {"type": ["string", "null"]}, "i": {"type": "integer"}, "n": {"type": "number"}, "b": {"type": "boolean"},
                "at": {"type": "string", "format": "date-time"}, "e": {"enum": ["a", " b ", null]},
                "l": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
                "t": {"$ref": "#/components/schemas/T"}, "note": {"$ref": "#/components/schemas/Note"},
                "m": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/V"}},
                "r": {"type": "array", "items": {"type": "string"}, "xml": {"wrapped": false}},
                "a": {"type": "integer", "xml": {"attribute": true}},
                "f": {"type": "string", "xml": {"namespace": "urn:f", "prefix": "f"}},
            }},
            "Note": note, "N": variant("n", json!({"type": "number"})), "S": variant("s", json!({"$ref": "#/components/schemas/V"})),
            "V": {"oneOf": [{"$ref": "#/components/schemas/N"}, {"$ref": "#/components/schemas/S"}], "discriminator": {"propertyName": "kind"}},
        }}});
        // What comes back may be longer than what came.
        let limits = Limits { body_max: usize::MAX, ..Limits::default() };
        let schemas = Schemas::compile(&described, limits).expect("it can be expressed");
        Arc::clone(schemas.plan("T").expect("it is there"))
    })
}

/// JSON that is taken becomes XML that is taken, and that becomes the same XML again.
pub(crate) fn json_to_xml(json: &[u8]) {
    let mut xml = Vec::new();
    if plan().to_xml(json, &mut xml).is_err() {
        assert!(xml.is_empty(), "nothing is appended");
        return;
    }
    let (mut back, mut again) = (Vec::new(), Vec::new());
    plan().to_json(&xml, &mut back).expect("our own XML");
    // An array without a wrapper that is empty is an absent one, in XML too.
    plan().to_xml(&back, &mut again).expect("our own JSON");
    assert_eq!(String::from_utf8_lossy(&xml), String::from_utf8_lossy(&again), "it comes back the same");
}

/// XML that is taken becomes JSON that is taken, and its XML becomes JSON of the same XML again.
pub(crate) fn xml_to_json(xml: &[u8]) {
    let mut json = Vec::new();
    if plan().to_json(xml, &mut json).is_err() {
        assert!(json.is_empty(), "nothing is appended");
        return;
    }
    let (mut there, mut back, mut again) = (Vec::new(), Vec::new(), Vec::new());
    if let Err(broken) = plan().to_xml(&json, &mut there) {
        // Dates are let in for their service to judge, and let out only in the form that XML Schema has.
        assert!(broken.pointer.ends_with("/at") && broken.kind == transform::Kind::Schema, "{broken}");
        return;
    }
    plan().to_json(&there, &mut back).expect("our own XML");
    plan().to_xml(&back, &mut again).expect("our own JSON");
    assert_eq!(String::from_utf8_lossy(&there), String::from_utf8_lossy(&again), "it comes back the same");
}
