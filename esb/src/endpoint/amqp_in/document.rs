//! A message's body taken apart: what names the thing that is asked for, and what is said about it.

use std::fmt;

use contracts::{FieldError, pointer};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object as it was written: every field in its place, and every value untouched.
#[derive(Debug)]
pub struct Document<'a>(Vec<(String, &'a RawValue)>);

/// What is there instead of a document.
#[derive(Debug)]
pub enum NoDocument {
    /// Not even JSON.
    NoJson(serde_json::Error),
    /// JSON of another kind.
    NoObject,
}

/// What stands for a path's parameters, and the rest.
#[derive(Debug)]
pub struct Parts<'a> {
    /// In the order of the parameters, as they stand in a path.
    pub values: Vec<String>,
    /// All other fields.
    pub rest: Document<'a>,
}

impl<'a> Document<'a> {
    /// The object in these bytes; an error says whether they are JSON at all.
    pub fn read(bytes: &'a [u8]) -> Result<Self, NoDocument> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let read = reader.deserialize_map(Fields).and_then(|document| reader.end().map(|()| document));
        read.map_err(|error| match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => NoDocument::NoObject,
            Err(_) => NoDocument::NoJson(error),
        })
    }

    /// Its fields, each with its value as it was written.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    /// Takes the parameters out; each must be there once, and fit a path.
    pub fn split(self, parameters: &[&str]) -> Result<Parts<'a>, Vec<FieldError>> {
        let (taken, rest): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|(name, _)| parameters.contains(&name.as_str()));
        let mut wrong = Vec::new();
        let mut values = Vec::new();
        for &parameter in parameters {
            let mut named = taken.iter().filter(|(name, _)| name == parameter);
            match (named.next().map(|(_, value)| scalar(value)), named.next()) {
                (Some(Some(value)), None) if !value.is_empty() => values.push(encode(&value)),
                (None, _) => {
                    wrong.push(FieldError::new(pointer([parameter]), "is missing: it says which one is meant"));
                }
                (Some(_), Some(_)) => wrong.push(FieldError::new(pointer([parameter]), "is there twice")),
                (Some(_), None) => {
                    wrong.push(FieldError::new(pointer([parameter]), "must be a text that is not empty, or a number"));
                }
            }
        }
        if wrong.is_empty() { Ok(Parts { values, rest: Document(rest) }) } else { Err(wrong) }
    }

    /// As JSON again.
    pub fn to_json(&self) -> String {
        let field =
            |(name, value): &(String, &RawValue)| format!("{}:{}", serde_json::Value::from(name.as_str()), value);
        format!("{{{}}}", self.0.iter().map(field).collect::<Vec<_>>().join(","))
    }

    /// As the query of an address; `None` where there are no fields.
    pub fn to_query(&self) -> Result<Option<String>, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            match scalar(value) {
                Some(value) => drop(query.append_pair(name, &value)),
                None => wrong.push(FieldError::new(pointer([name.as_str()]), "must be a text, a number or a boolean")),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Some(query.finish()).filter(|query| !query.is_empty()))
    }
}

/// A text, or what is written like one.
fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'"' => serde_json::from_str(value.get()).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(value.get().to_owned()),
    }
}

/// All but what means itself in a path (RFC 3986 section 2.3).
fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => encoded.push(char::from(byte)),
            byte => encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]),
        }
        encoded
    })
}

fn digit(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

/// Reads an object's fields, even one that is there twice: that is for whom it is sent to, to judge.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Document(fields))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::btree_map;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn pointers(body: &str, parameters: &[&str]) -> Vec<String> {
        let split = Document::read(body.as_bytes()).unwrap().split(parameters);
        split.unwrap_err().into_iter().map(|error| error.pointer).collect()
    }

    fn decoded(text: &str) -> String {
        let pair = format!("x={}", text.replace('+', "%2B"));
        url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![any::<i64>().prop_map(Value::from), ".*".prop_map(Value::from), Just(json!({"a": [1.5, null]}))]
    }

    proptest! {
        #[test]
        fn nothing_of_a_body_is_lost(id in ".+", rest in btree_map(".*", value(), 0..6)) {
            let mut whole = rest.clone();
            whole.insert("id".to_owned(), json!(id));
            let written = json!(whole).to_string();
            let parts = Document::read(written.as_bytes()).unwrap().split(&["id"]).unwrap();
            let others = rest.into_iter().filter(|(name, _)| name != "id").collect::<BTreeMap<_, _>>();
            prop_assert_eq!(decoded(&parts.values[0]), id);
            prop_assert_eq!(serde_json::from_str::<Value>(&parts.rest.to_json()).unwrap(), json!(others));
        }

        #[test]
        fn nothing_of_a_question_is_lost(fields in btree_map(".*", ".*", 0..6)) {
            let written = json!(fields).to_string();
            let query = Document::read(written.as_bytes()).unwrap().to_query().unwrap().unwrap_or_default();
            let read = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<BTreeMap<_, _>>();
            prop_assert_eq!(read, fields);
        }
    }

    #[test]
    fn values_stay_as_they_were_written() {
        let body = br#" {"id": 7, "big": 123456789012345678901234567890, "one": 1.0, "one": 2} "#;
        let parts = Document::read(body).unwrap().split(&["id"]).unwrap();
        assert_eq!(parts.values, ["7"]);
        assert_eq!(parts.rest.to_json(), r#"{"big":123456789012345678901234567890,"one":1.0,"one":2}"#);
    }

    #[test]
    fn parameters_must_be_there_once_and_fit() {
        assert_eq!(pointers("{}", &["id"]), ["/id"]);
        assert_eq!(pointers(r#"{"id": "a", "id": "a"}"#, &["id"]), ["/id"]);
        for value in ["null", "{}", "[]", "\"\""] {
            assert_eq!(pointers(&format!(r#"{{"id": {value}, "name": "x"}}"#), &["id", "name"]), ["/id"], "{value}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "[]", "null", "7", "{", "{}{}", "{\"a\":}", "\u{feff}{}", "<a/>"] {
            assert!(Document::read(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Document::read(b"{\"a\": \"\xff\"}").is_err());
    }
}
