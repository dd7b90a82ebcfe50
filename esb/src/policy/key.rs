//! `Idempotency-Key`, and how the same request is known again.

use std::collections::BTreeMap;

use chassis::{Failure, Kind};
use contracts::FieldError;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::secrecy::Secrecy;

const LENGTH_MAX: usize = 255;
/// Sets the ids of messages apart from whatever else is made of a caller and a key.
const NAME_SPACE: &[u8] = b"urn:ecommerce-soa:message-id";

/// A caller's name for one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key in this header: 1 to 255 visible ASCII characters, else 422.
    pub fn parse(header: &[u8]) -> Result<Self, Failure> {
        let visible = header.iter().all(u8::is_ascii_graphic);
        if !visible || !(1..=LENGTH_MAX).contains(&header.len()) {
            let detail = "`Idempotency-Key` must be 1 to 255 visible ASCII characters";
            let errors = vec![FieldError::new("", detail)];
            return Err(Failure::new(Kind::Invalid, "invalid-idempotency-key", detail).with_errors(errors));
        }
        Ok(Self(header.iter().copied().map(char::from).collect()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the message that the caller's command sends: each try's is the same, so that one which is made twice,
    /// since nobody knew whether the first had arrived, is one command.
    pub fn message_id(&self, caller: &str) -> Uuid {
        let mut hasher = Sha256::new();
        for part in [NAME_SPACE, caller.as_bytes(), self.0.as_bytes()] {
            hasher.update(part);
            hasher.update(b"\n");
        }
        let hash: [u8; 32] = hasher.finalize().into();
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// What the same request has the same of: method, path with query, and body. Of a JSON body only the meaning counts,
/// not its spaces or the order of its fields, since clients that build it anew may write it otherwise; and where it may
/// hold credentials, not those.
pub fn digest(method: &str, path: &str, body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [method.as_bytes(), path.as_bytes()] {
        hasher.update(part);
        hasher.update(b"\n");
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => update(&mut hasher, &Secrecy::of(path).compared(value)),
        Err(_not_json) => hasher.update(body),
    }
    hasher.finalize().into()
}

/// Sorted by hand: whether a `Value` keeps its fields sorted depends on the features of the whole build.
fn update(hasher: &mut Sha256, value: &Value) {
    match value {
        Value::Object(fields) => {
            hasher.update(b"{");
            for (name, field) in fields.iter().collect::<BTreeMap<_, _>>() {
                hasher.update(Value::from(name.as_str()).to_string());
                hasher.update(b":");
                update(hasher, field);
                hasher.update(b",");
            }
            hasher.update(b"}");
        }
        Value::Array(items) => {
            hasher.update(b"[");
            for item in items {
                update(hasher, item);
                hasher.update(b",");
            }
            hasher.update(b"]");
        }
        other => hasher.update(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(body: &str) -> [u8; 32] {
        digest("POST", "/orders", body.as_bytes())
    }

    #[test]
    fn spelling_does_not_make_another_request() {
        assert_eq!(
            of(r#"{"a":1,"b":{"c":[1,2],"d":"x"}}"#),
            of(" {\"b\": {\"d\":\"\\u0078\",\"c\":[1, 2]}, \"a\":1}\n")
        );
    }

    #[test]
    fn meaning_does() {
        let bodies = [
            r#"{"a":1}"#,
            r#"{"a":"1"}"#,
            r#"{"a":[1]}"#,
            r#"{"a":[1,1]}"#,
            r#"[{"a":1}]"#,
            "{",
            "",
            r#"{"a":1,"b":{}}"#,
        ];
        let digests = bodies.map(of);
        assert!((0..bodies.len()).all(|i| (0..i).all(|j| digests[i] != digests[j])));
        assert_ne!(digest("POST", "/a", b"{}"), digest("POST", "/b", b"{}"));
        assert_ne!(digest("POST", "/a", b"{}"), digest("PUT", "/a", b"{}"));
    }

    #[test]
    fn a_command_has_one_message_id_of_its_own() {
        let of = |caller: &str, key: &str| IdempotencyKey::parse(key.as_bytes()).unwrap().message_id(caller);
        assert_eq!(of("operator:1", "k"), of("operator:1", "k"));
        let others = [of("operator:2", "k"), of("operator:1", "l"), of("operator:", "1k"), of("operator:1k", "k")];
        assert!(others.iter().all(|other| *other != of("operator:1", "k")));
        assert_eq!(of("operator:1", "k").get_version_num(), 8);
    }

    #[test]
    fn credentials_do_not_count_where_they_may_be() {
        let register = |email: &str, password: &str| json!({"email": email, "password": password}).to_string();
        let publish = |body: String| json!({"routing_key": "customer.register", "body": body}).to_string();
        let of = |path: &str, body: String| digest("POST", path, body.as_bytes());
        let wrapped = |email, password| publish(register(email, password));
        assert_eq!(of("/auth/register", register("a", "p")), of("/auth/register", register("a", "q")));
        assert_ne!(of("/auth/register", register("a", "p")), of("/auth/register", register("b", "p")));
        assert_eq!(of("/esb/publish", wrapped("a", "p")), of("/esb/publish", wrapped("a", "q")));
        assert_ne!(of("/esb/publish", wrapped("a", "p")), of("/esb/publish", wrapped("b", "p")));
        assert_ne!(of("/orders", register("a", "p")), of("/orders", register("a", "q")));
    }

    #[test]
    fn keys_are_visible_and_short() {
        assert!([b"a".as_slice(), b"7b-!~", &[b'x'; 255]].iter().all(|key| IdempotencyKey::parse(key).is_ok()));
        assert!(
            [b"".as_slice(), b"a b", b"\xc3\xa4", &[b'x'; 256]].iter().all(|key| IdempotencyKey::parse(key).is_err())
        );
    }
}
