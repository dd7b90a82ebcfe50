//! Descriptions by chance, of everything that can be expressed.

use serde_json::{Map, Value, json};

use super::chance::Chance;

const NAMES: [&str; 10] = ["id", "name", "größe", "line_2", "Total-Price", "items", "a.b", "kind_of", "value", "x"];

/// A description whose schemas refer to each other.
pub(crate) fn any(seed: u64) -> Value {
    let mut making = Making(Chance::new(seed));
    let mut schemas = Map::new();
    for name in ["Alpha", "Beta", "Gamma"] {
        schemas.insert(name.to_owned(), making.object(3));
    }
    schemas.insert(
        "Colour".into(),
        json!({"oneOf": [{"const": "red"}, {"const": "light blue"}, {"type": "string", "enum": [" <3> "]}]}),
    );
    schemas.insert("Cat".into(), making.tagged("cat"));
    schemas.insert("Dog".into(), making.tagged("dog"));
    schemas.insert(
        "Pet".into(),
        json!({
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "species"},
        }),
    );
    schemas.insert(
        "Tree".into(),
        json!({"type": "object", "properties": {
            "leaf": making.type_of(1), "left": maybe("Tree"), "right": maybe("Tree"),
            "others": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        }}),
    );
    schemas.insert("Both".into(), json!({"allOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "object", "properties": {"more": making.type_of(2)}}]}));
    super::description(&Value::Object(schemas))
}

fn maybe(name: &str) -> Value {
    json!({"oneOf": [{"type": "null"}, {"$ref": format!("#/components/schemas/{name}")}]})
}

struct Making(Chance);

impl Making {
    fn object(&mut self, levels: usize) -> Value {
        if self.0.once_in(8) {
            return self.with_text();
        }
        let mut names = NAMES.to_vec();
        self.0.shuffle(&mut names);
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for name in names.iter().take(1 + self.0.below(6)) {
            let (schema, always) = self.property(levels);
            if always || self.0.once_in(2) {
                required.push((*name).to_owned());
            }
            properties.insert((*name).to_owned(), schema);
        }
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        if self.0.once_in(6) {
            object["additionalProperties"] = self.type_of(1);
        }
        object
    }

    /// Attributes around a text.
    fn with_text(&mut self) -> Value {
        let spelling = self.0.of(&[json!({"x-text": true}), json!({"nodeType": "text"})]).clone();
        let mut text = self.scalar();
        text["xml"] = spelling;
        let mut attribute = self.scalar();
        attribute["xml"] = json!({"attribute": true});
        json!({"type": "object", "properties": {"content": text, "lang": attribute}, "required": ["content"]})
    }

    /// A property's schema, and whether it has to be there.
    fn property(&mut self, levels: usize) -> (Value, bool) {
        match self.0.below(12) {
            0 => {
                let mut attribute = self.scalar();
                attribute["xml"] = self.0.of(&[json!({"attribute": true}), json!({"nodeType": "attribute"})]).clone();
                (attribute, false)
            }
            1 => {
                let items = self.type_of(1);
                let bare = self.0.of(&[json!({"wrapped": false}), json!({"nodeType": "none"})]).clone();
                (json!({"type": "array", "items": items, "xml": bare}), false)
            }
            _ => (self.type_of(levels.saturating_sub(1)), false),
        }
    }

    fn type_of(&mut self, levels: usize) -> Value {
        match self.0.below(if levels == 0 { 4 } else { 12 }) {
            0..3 => self.scalar(),
            3 => {
                let mut scalar = self.scalar();
                scalar["type"] = json!([scalar["type"], "null"]);
                scalar
            }
            4 => self.object(levels - 1),
            5 => json!({"type": "array", "items": self.type_of(levels - 1)}),
            6 => json!({"type": "array", "items": {"type": "array", "items": self.type_of(levels - 1)}}),
            7 => json!({"type": "object", "additionalProperties": self.type_of(levels - 1)}),
            8 => maybe(self.0.word(&["Alpha", "Beta", "Colour", "Pet"])),
            9 => json!({"allOf": [{"$ref": "#/components/schemas/Colour"}], "description": "as older tools write it"}),
            10 => json!({"enum": ["one", "two", " three ", null]}),
            _ => {
                json!({"type": ["array", "null"], "items": maybe("Pet"), "xml": {"name": format!("pets{}", self.0.next() % 1_000_000_007)}})
            }
        }
    }

    fn scalar(&mut self) -> Value {
        self.0
            .of(&[
                json!({"type": "string"}),
                json!({"type": "string"}),
                json!({"type": "string", "format": "date-time"}),
                json!({"type": "integer", "format": "int64"}),
                json!({"type": "number"}),
                json!({"type": "boolean"}),
            ])
            .clone()
    }

    /// Says by `species` which one it is.
    fn tagged(&mut self, species: &str) -> Value {
        let name = format!("{species}_own");
        json!({"type": "object", "required": ["species"], "properties": {
            "species": {"type": "string", "enum": [species]}, "common": self.type_of(0), name: self.type_of(1),
        }})
    }
}
