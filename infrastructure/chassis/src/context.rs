//! The identity of a request, which goes wherever the request leads: HTTP, messages, logs.

use std::future::Future;

use rand::RngCore;

/// The header with the id of a request.
pub const REQUEST_ID: &str = "x-request-id";
/// The header of W3C trace context.
pub const TRACEPARENT: &str = "traceparent";

const REQUEST_ID_MAX: usize = 128;

tokio::task_local! {
    static CURRENT: Context;
}

/// Which request, in which trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// As given by the caller, else made at the door.
    pub request_id: String,
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// Of the caller, or ours where the trace begins here: 16 hexadecimal digits.
    pub parent_id: String,
    /// Whether the trace is recorded.
    pub flags: u8,
}

impl Context {
    /// From the headers of a request; what is missing or malformed is made anew.
    pub fn from_headers(request_id: Option<&str>, traceparent: Option<&str>) -> Self {
        let request_id = request_id.filter(|id| is_request_id(id)).map_or_else(|| random_hex(16), str::to_owned);
        let parsed = traceparent.and_then(parse_traceparent);
        let (trace_id, parent_id, flags) = parsed.unwrap_or_else(|| (random_hex(16), random_hex(8), 1));
        Self { request_id, trace_id, parent_id, flags }
    }

    /// A request that begins here.
    pub fn begin() -> Self {
        Self::from_headers(None, None)
    }

    /// The value of `traceparent` for a call that this request makes: a new span in the same trace.
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-{:02x}", self.trace_id, random_hex(8), self.flags)
    }

    /// Runs `work` as part of this request.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The request that this code runs for, if any.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// The id of the request that this code runs for; empty outside of one.
    pub fn current_request_id() -> String {
        CURRENT.try_with(|context| context.request_id.clone()).unwrap_or_else(|_outside| String::new())
    }
}

fn is_request_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    !id.is_empty() && id.len() <= REQUEST_ID_MAX && id.bytes().all(plain)
}

/// `00-<trace id>-<parent id>-<flags>`, as <https://www.w3.org/TR/trace-context/> has it.
fn parse_traceparent(text: &str) -> Option<(String, String, u8)> {
    let mut parts = text.split('-');
    let (version, trace_id, parent_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let extra = parts.next().is_some();
    let sane = is_hex(version, 2) && version != "ff" && !(version == "00" && extra);
    let known = is_hex(trace_id, 32) && is_hex(parent_id, 16) && is_hex(flags, 2);
    let zero = trace_id.bytes().all(|byte| byte == b'0') || parent_id.bytes().all(|byte| byte == b'0');
    let flags = u8::from_str_radix(flags, 16).ok()?;
    (sane && known && !zero).then(|| (trace_id.to_owned(), parent_id.to_owned(), flags))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn random_hex(bytes: usize) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut random = [0_u8; 16];
    rand::rng().fill_bytes(&mut random);
    let digit = |nibble: u8| char::from(*DIGITS.get(usize::from(nibble)).unwrap_or(&b'0'));
    random.iter().take(bytes).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_on_under_a_new_span() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = Context::from_headers(Some("checkout-17"), Some(parent));
        let child = context.traceparent();
        assert_eq!(context.request_id, "checkout-17");
        assert!(child.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && child.ends_with("-01"));
        assert_ne!(child, parent);
    }

    #[test]
    fn what_can_not_be_trusted_is_made_anew() {
        for id in ["", "a b", "x\r\ny", &"a".repeat(10_000)] {
            assert_ne!(Context::from_headers(Some(id), None).request_id, id);
        }
        let broken = ["00-0-0-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4BF9-x-1"];
        for parent in broken {
            assert_eq!(Context::from_headers(None, Some(parent)).trace_id.len(), 32);
        }
    }
}
