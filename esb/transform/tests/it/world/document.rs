//! Documents by chance, of any schema that can be expressed.

use std::fmt::Write as _;

use serde_json::Value;

use super::chance::Chance;

/// Texts that go wrong elsewhere.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "\n",
    "\t\r\n ",
    "null",
    "true",
    "0123",
    "1.50",
    "a b",
    " both ends ",
    "<&>\"'",
    "]]>",
    "&amp;",
    "&#13;",
    "\r",
    "x\ry\r\nz",
    "größe ½ ✓",
    "日本語",
    "😀𝒳",
    "\u{7f}\u{85}\u{a0}\u{2028}",
    "\u{FFFD}\u{E000}\u{10FFFF}",
    "\\u0041",
    "<!-- -->",
    "<![CDATA[x]]>",
];
const NUMBERS: [&str; 12] = [
    "0",
    "-0",
    "1.50",
    "1E5",
    "1e+05",
    "9007199254740993",
    "0.10",
    "-1.0e-7",
    "3.14159265358979323846264338327950288",
    "100",
    "1e22",
    "-5",
];
const INTEGERS: [&str; 7] = ["0", "-0", "7", "-12", "9007199254740993", "123456789012345678901234", "4294967295"];
const TIMES: [&str; 4] = [
    "2026-01-02T03:04:05Z",
    "2024-02-29T23:59:59.999999999Z",
    "0001-01-01T00:00:00+14:00",
    "1999-12-31T00:00:00.0-00:30",
];

pub(crate) struct Documents<'a> {
    description: &'a Value,
    pub(crate) chance: Chance,
    /// What is left to be written; then only what must be is.
    budget: usize,
}

impl<'a> Documents<'a> {
    pub(crate) fn new(description: &'a Value, seed: u64) -> Self {
        Self { description, chance: Chance::new(seed), budget: 0 }
    }

    /// A document of the schema with this name.
    pub(crate) fn any(&mut self, schema: &str) -> String {
        self.budget = 1 + self.chance.below(60);
        let mut json = String::new();
        self.value(self.named(schema), &mut json);
        json
    }

    fn named(&self, schema: &str) -> &'a Value {
        &self.description["components"]["schemas"][schema]
    }

    fn value(&mut self, schema: &'a Value, json: &mut String) {
        self.budget = self.budget.saturating_sub(1);
        if let Some(reference) = schema["$ref"].as_str() {
            return self.value(self.named(reference.rsplit('/').next().unwrap()), json);
        }
        if may_be_null(schema) && (self.budget == 0 || self.chance.once_in(4)) {
            return json.push_str("null");
        }
        if let Some(value) = schema["enum"].as_array() {
            let values: Vec<&Value> = value.iter().filter(|value| !value.is_null()).collect();
            return json.push_str(&self.chance.of(&values).to_string());
        }
        if let Some(alternatives) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let real: Vec<&Value> = alternatives.iter().filter(|one| one["type"] != "null").collect();
            let one = *self.chance.of(&real);
            return self.value(one, json);
        }
        match schema["allOf"].as_array().map(Vec::as_slice) {
            Some([one]) => self.value(one, json),
            _ => self.typed(schema, json),
        }
    }

    fn typed(&mut self, schema: &'a Value, json: &mut String) {
        if let Some(value) = schema.get("const") {
            return json.push_str(&value.to_string());
        }
        let kinds =
            schema["type"].as_array().map(|kinds| kinds.iter().filter(|kind| *kind != "null").collect::<Vec<_>>());
        let kind = kinds.map_or(&schema["type"], |kinds| kinds[0]);
        match kind.as_str() {
            Some("string") => self.text(schema, json),
            Some("integer") => json.push_str(self.chance.word(&INTEGERS)),
            Some("number") => json.push_str(self.chance.word(&NUMBERS)),
            Some("boolean") => json.push_str(self.chance.word(&["true", "false"])),
            Some("array") => self.array(schema, json),
            _ => self.object(schema, json),
        }
    }

    fn text(&mut self, schema: &Value, json: &mut String) {
        if schema["format"] == "date-time" {
            let time = self.chance.word(&TIMES);
            return self.quoted(time, json);
        }
        let parts = self.chance.below(3);
        let mut text = String::new();
        for _ in 0..=parts {
            text.push_str(self.chance.word(&TEXTS));
        }
        self.quoted(&text, json);
    }

    /// Some characters escaped that need not be.
    fn quoted(&mut self, text: &str, json: &mut String) {
        json.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                _ if c < ' ' || self.chance.once_in(8) => {
                    c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| numbered(*unit, json));
                }
                _ => json.push(c),
            }
        }
        json.push('"');
    }

    fn array(&mut self, schema: &'a Value, json: &mut String) {
        // Without a wrapper, an empty one is an absent one.
        let least = usize::from(schema["xml"]["wrapped"] == false || schema["xml"]["nodeType"] == "none");
        let count = if self.budget == 0 { least } else { least + self.chance.below(4) };
        json.push('[');
        for index in 0..count {
            json.push_str(if index > 0 { ", " } else { "" });
            self.value(&schema["items"], json);
        }
        json.push(']');
    }

    fn object(&mut self, schema: &'a Value, json: &mut String) {
        let mut members: Vec<(String, &'a Value)> = Vec::new();
        self.members(schema, &mut members);
        if let Some(extra) = schema.get("additionalProperties").filter(|extra| extra.is_object()) {
            let count = if self.budget == 0 { 0 } else { self.chance.below(4) };
            members.extend((0..count).map(|index| (format!("{}{index}", self.chance.word(&TEXTS)), extra)));
        }
        self.chance.shuffle(&mut members);
        json.push_str(self.chance.word(&["{", "{ ", "{\n\t"]));
        for (index, (key, value)) in members.into_iter().enumerate() {
            json.push_str(if index > 0 { "," } else { "" });
            self.quoted(&key, json);
            json.push_str(self.chance.word(&[":", " : "]));
            self.value(value, json);
        }
        json.push('}');
    }

    fn members(&mut self, schema: &'a Value, members: &mut Vec<(String, &'a Value)>) {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.members(self.named(reference.rsplit('/').next().unwrap()), members);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.members(part, members);
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let required =
                schema["required"].as_array().is_some_and(|required| required.iter().any(|name| name == key));
            let wanted = required || (self.budget > 0 && !self.chance.once_in(3));
            if wanted && !members.iter().any(|(known, _)| known == key) {
                members.push((key.clone(), value));
            }
        }
    }
}

fn numbered(unit: u16, json: &mut String) {
    write!(json, "\\u{unit:04X}").unwrap();
}

fn may_be_null(schema: &Value) -> bool {
    let typed = schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let listed = schema["enum"].as_array().is_some_and(|values| values.iter().any(Value::is_null));
    let one =
        ["oneOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten().any(|one| one["type"] == "null");
    typed || listed || one
}
