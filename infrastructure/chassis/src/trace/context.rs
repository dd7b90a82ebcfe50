//! The identity of a request, which goes wherever the request leads: HTTP, messages, logs.

use std::future::Future;

use rand::RngCore;

use super::export;

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
    /// The span that what runs now is part of, 16 hexadecimal digits: the caller's, or ours.
    pub parent_id: String,
    /// Whether the trace is recorded.
    pub flags: u8,
    pub(super) standing: Standing,
}

/// Whose span the parent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody's: the trace begins here.
    Begun,
    /// The caller's.
    Called,
    /// Ours, and it will be exported under this very id.
    Recorded,
}

/// Of the flags.
const SAMPLED: u8 = 1;

impl Context {
    /// From the headers of a request; what is missing or malformed is made anew.
    pub fn from_headers(request_id: Option<&str>, traceparent: Option<&str>) -> Self {
        let request_id = request_id.filter(|id| is_request_id(id)).map_or_else(|| random_hex(16), str::to_owned);
        let parsed = traceparent.and_then(parse_traceparent);
        match parsed {
            Some((trace_id, parent_id, flags)) => {
                Self { request_id, trace_id, parent_id, flags, standing: Standing::Called }
            }
            None => Self::begun(request_id),
        }
    }

    fn begun(request_id: String) -> Self {
        let trace_id = random_hex(16);
        let flags = if export::samples(&trace_id) { SAMPLED } else { 0 };
        Self { request_id, trace_id, parent_id: random_hex(8), flags, standing: Standing::Begun }
    }

    /// A request that begins here.
    pub fn begin() -> Self {
        Self::from_headers(None, None)
    }

    /// The value of `traceparent` for a call that this request makes: the span that is recorded, else a new one in the
    /// same trace.
    pub fn traceparent(&self) -> String {
        let Self { trace_id, flags, .. } = self;
        match self.standing {
            Standing::Recorded => format!("00-{trace_id}-{}-{flags:02x}", self.parent_id),
            Standing::Begun | Standing::Called => format!("00-{trace_id}-{}-{flags:02x}", random_hex(8)),
        }
    }

    /// The context of the span that this code runs within, if one is recorded.
    pub fn recorded() -> Option<Self> {
        CURRENT.try_with(|context| context.is_recorded().then(|| context.clone())).ok().flatten()
    }

    pub(super) fn is_recorded(&self) -> bool {
        self.standing == Standing::Recorded
    }

    /// Whether whoever began the trace wants it recorded.
    pub(super) const fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The same, within the new span of this id.
    pub(super) fn within(&self, span_id: String) -> Self {
        Self { parent_id: span_id, standing: Standing::Recorded, ..self.clone() }
    }

    /// Runs `work` as part of this request.
    pub fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self, work)
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

pub(super) fn random_hex(bytes: usize) -> String {
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
