//! Secrets are taken out of bodies before anybody keeps them.

use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

/// A field is secret if one of these is part of its name.
const SECRET: [&str; 6] = ["password", "secret", "token", "authorization", "cookie", "credential"];
/// What stands in a secret's place.
const HIDDEN: &str = "[hidden]";

/// The body without its secrets; none where they can't be told from the rest.
pub(super) fn redact(body: &Bytes) -> Option<Bytes> {
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

fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, field) in fields {
                if is_secret(name) { *field = Value::from(HIDDEN) } else { hide(field) }
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
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
