//! Headers on their way through: what belongs to one connection stays there (RFC 9110 section 7.6.1), and what only we
//! may say is said by us.

use ::http::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue};
use chassis::{Context, REQUEST_ID, TRACEPARENT};

use crate::policy::Origin;

/// Of one connection only, and what our own client says.
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
];

/// Services believe these from us, so nobody else may say them.
const OURS: [&str; 10] = [
    "host",
    "forwarded",
    "proxy",
    "x-real-ip",
    "true-client-ip",
    "x-client-ip",
    "x-original-url",
    "x-rewrite-url",
    "x-http-method-override",
    "x-user-id",
];

/// What a caller can't make us drop by naming it in `Connection`.
const END_TO_END: [&str; 9] = [
    "authorization",
    "cookie",
    "content-type",
    "content-length",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "accept",
    "x-requested-with",
];

const FORWARDED_PREFIX: &str = "x-forwarded-prefix";

/// The headers that go to the service, where a request came with `headers` from `origin`.
pub fn outgoing(headers: &HeaderMap, origin: Option<Origin>) -> HeaderMap {
    let named = named_in_connection(headers);
    let mut kept = HeaderMap::with_capacity(headers.len() + 6);
    for (name, value) in headers {
        if is_passed_on(name.as_str(), &named) {
            kept.append(name, value.clone());
        }
    }
    if let Some(origin) = origin {
        Forwarding { headers, origin }.write(&mut kept);
    }
    if let Some(context) = Context::current() {
        trace(&mut kept, &context);
    }
    kept
}

fn is_passed_on(name: &str, named: &[String]) -> bool {
    let ours = HOP_BY_HOP.contains(&name) || OURS.contains(&name) || name.starts_with("x-forwarded-");
    !ours && !named.iter().any(|other| other == name)
}

fn named_in_connection(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(CONNECTION).iter().filter_map(|line| line.to_str().ok());
    let names = lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !END_TO_END.contains(&name.as_str())).collect()
}

/// What services are told about where a request comes from.
struct Forwarding<'a> {
    headers: &'a HeaderMap,
    origin: Origin,
}

impl Forwarding<'_> {
    fn write(&self, kept: &mut HeaderMap) {
        let said = |name: &str| self.headers.get(name).filter(|_| self.origin.trusted)?.to_str().ok();
        let peer = self.origin.peer;
        let before = self.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let before = before.filter(|_| self.origin.trusted).collect::<Vec<_>>();
        let chain = if before.is_empty() { peer.to_string() } else { format!("{}, {peer}", before.join(", ")) };
        let host = self.headers.get(HOST).and_then(|value| value.to_str().ok());
        append(kept, "x-forwarded-for", chain.as_bytes());
        append(kept, "x-forwarded-proto", said("x-forwarded-proto").unwrap_or("http").as_bytes());
        let pairs = [
            ("x-forwarded-host", said("x-forwarded-host").or(host)),
            (FORWARDED_PREFIX, said(FORWARDED_PREFIX).filter(|prefix| is_prefix(prefix))),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                append(kept, name, value.as_bytes());
            }
        }
    }
}

/// It becomes part of a cookie's path.
fn is_prefix(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    text.starts_with('/') && !text.starts_with("//") && text.len() <= 256 && text.bytes().all(plain)
}

/// Says what the request is part of.
pub(super) fn trace(kept: &mut HeaderMap, context: &Context) {
    for (name, value) in [(REQUEST_ID, context.request_id.clone()), (TRACEPARENT, context.traceparent())] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            kept.insert(HeaderName::from_static(name), value);
        }
    }
}

/// What can't be a header is left out.
fn append(kept: &mut HeaderMap, name: &str, value: &[u8]) {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
        kept.append(name, value);
    }
}

/// Which headers of a service's answer go on to the caller: all but those of the connection, and those that are ours to
/// write.
pub(super) fn returning(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    let lines = headers.get_all(CONNECTION).iter().filter_map(|line| line.to_str().ok());
    let named = lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect::<Vec<_>>();
    headers.iter().filter(move |(name, _)| {
        let name = name.as_str();
        let ours = matches!(name, "content-length" | "date" | "server" | REQUEST_ID | TRACEPARENT);
        !ours && !HOP_BY_HOP.contains(&name) && !named.iter().any(|other| other == name)
    })
}
