//! Two JSON texts are the same if they say the same in the same numbers: `1.50` is not `1.5`. Only the order of members,
//! white space and the spelling of strings are free.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lexical {
    /// As it is written.
    Plain(String),
    Text(String),
    Array(Vec<Lexical>),
    Object(BTreeMap<String, Lexical>),
}

pub(crate) fn lexical(json: &str) -> Lexical {
    let json = json.trim();
    match json.as_bytes().first() {
        Some(b'"') => Lexical::Text(serde_json::from_str(json).unwrap()),
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(json).unwrap();
            Lexical::Array(items.iter().map(|item| lexical(item.get())).collect())
        }
        Some(b'{') => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap();
            Lexical::Object(members.into_iter().map(|(key, value)| (key, lexical(value.get()))).collect())
        }
        _ => Lexical::Plain(json.to_owned()),
    }
}
