//! Secrets are taken out of bodies before anybody keeps them.

use bytes::Bytes;
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A field is secret if one of these is part of its name.
const SECRET: [&str; 6] = ["password", "secret", "token", "authorization", "cookie", "credential"];
/// What stands in a secret's place.
const HIDDEN: &str = "[hidden]";

/// Whether credentials go in or out by this path.
pub fn holds_credentials(path: &str) -> bool {
    path.starts_with("/auth/")
}

/// The body without its secrets; none where they can't be told from the rest.
pub fn redact(body: &Bytes) -> Option<Bytes> {
    if !may_hold_secrets(body) {
        return Some(body.clone());
    }
    let mut document: Value = serde_json::from_slice(body).ok()?;
    hide(&mut document);
    serde_json::to_vec(&document).ok().map(Bytes::from)
}

/// The document without its secrets.
pub fn without_secrets(document: &RawValue) -> Value {
    // What is not JSON can't be kept as such, and there is nothing of it to show.
    let mut shown = serde_json::from_str(document.get()).unwrap_or(Value::Null);
    hide(&mut shown);
    shown
}

/// Quickly: a name may also be written with escapes.
fn may_hold_secrets(body: &[u8]) -> bool {
    let lower = body.to_ascii_lowercase();
    contains(&lower, b"\\u") || SECRET.iter().any(|word| contains(&lower, word.as_bytes()))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Puts something else in the place of secrets.
pub fn hide(value: &mut Value) {
    match value {
        Value::String(text) if is_document(text) && may_hold_secrets(text.as_bytes()) => {
            *text = document_without_secrets(text).unwrap_or_else(|| HIDDEN.to_owned());
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, field) in fields {
                if is_secret(name) { *field = Value::from(HIDDEN) } else { hide(field) }
            }
        }
        _ => {}
    }
}

/// Such as the body of a message that is to be sent.
fn is_document(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '<'])
}

fn document_without_secrets(text: &str) -> Option<String> {
    if text.trim_start().starts_with('<') {
        return xml_without_secrets(text);
    }
    let mut document: Value = serde_json::from_str(text).ok()?;
    hide(&mut document);
    Some(document.to_string())
}

fn xml_without_secrets(text: &str) -> Option<String> {
    let (mut reader, mut writer, mut depth) = (Reader::from_str(text), Writer::new(Vec::new()), 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return String::from_utf8(writer.into_inner()).ok(),
            Event::Start(start) if depth > 0 || is_secret_element(&start)? => {
                depth += 1;
                if depth == 1 {
                    writer.write_event(Event::Start(start)).ok()?;
                    writer.write_event(Event::Text(BytesText::new(HIDDEN))).ok()?;
                }
            }
            Event::End(end) if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    writer.write_event(Event::End(end)).ok()?;
                }
            }
            _ if depth > 0 => {}
            Event::Empty(empty) => {
                is_secret_element(&empty)?;
                writer.write_event(Event::Empty(empty)).ok()?;
            }
            event => writer.write_event(event).ok()?,
        }
    }
}

/// None where an attribute is secret, which no document of ours has.
fn is_secret_element(start: &BytesStart<'_>) -> Option<bool> {
    for attribute in start.attributes() {
        if is_secret(attribute.ok()?.key.as_ref()) {
            return None;
        }
    }
    Some(is_secret(start.local_name().as_ref()))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redacted(body: &str) -> Option<String> {
        redact(&Bytes::copy_from_slice(body.as_bytes())).map(|kept| String::from_utf8(kept.to_vec()).unwrap())
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let body =
            r#"{"a":1,"payment":{"Token":"tok_visa"},"list":[{"refresh_token":{"x":["y"]}}],"pass\u0077ord":"p"}"#;
        let kept = redacted(body).unwrap();
        for secret in ["tok_visa", "\"y\"", "\"p\""] {
            assert!(!kept.contains(secret), "{kept}");
        }
        assert!(kept.contains("\"a\":1"));
    }

    #[test]
    fn secrets_are_hidden_in_documents_within_documents() {
        let json = json!({"routing_key": "customer.register", "body": r#"{"email":"a@b.c","password":"p4ss"}"#});
        let kept = redacted(&json.to_string()).unwrap();
        assert!(kept.contains("a@b.c") && !kept.contains("p4ss"), "{kept}");
        let xml = "<new xmlns=\"urn:x\"><email>a@b.c</email><x:Password>p4<b>ss</b></x:Password><token/></new>";
        let kept = redacted(&json!({ "body": xml }).to_string()).unwrap();
        assert!(kept.contains("<email>a@b.c</email><x:Password>[hidden]</x:Password><token/></new>"), "{kept}");
        for unreadable in [r#"{"password": "p4ss"#, "<a token=\"p4ss\"/>", "<a><password>p4ss</a>"] {
            assert_eq!(redacted(&json!([unreadable]).to_string()).unwrap(), "[\"[hidden]\"]");
        }
        let text = r#"["the password is wrong","<a>1</a>"]"#;
        assert_eq!(redacted(text).unwrap(), text);
    }

    #[test]
    fn what_holds_no_secret_stays_byte_for_byte() {
        let body = r#"{ "b" : 1, "a" : 2 }"#;
        assert_eq!(redacted(body).as_deref(), Some(body));
    }

    #[test]
    fn what_can_not_be_read_is_not_kept_when_it_may_hold_a_secret() {
        assert_eq!(redacted("grant_type=password&secret=x"), None);
        assert_eq!(redacted(r#"{"password": "p"#), None);
        assert_eq!(redacted("plain text").as_deref(), Some("plain text"));
    }
}
