//! A service's answer on its way back to the caller.

use actix_web::body::{BodyStream, SizedStream};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::{Bytes, BytesMut};
use chassis::{Failure, Kind};
use futures_util::StreamExt;
use futures_util::stream::empty;
use reqwest::Response;
use reqwest::header::{HeaderName, HeaderValue, LOCATION};

use super::headers::returning;
use crate::policy::Answered;

/// Up to here an answer goes out in one piece, with its head.
const WHOLE_MAX: u64 = 16 * 1024;
/// The largest answer that is kept for a key.
const KEPT_MAX: usize = 1 << 20;

/// The answer as it is, streaming where it is large.
pub async fn pass_on(response: Response, method: &Method) -> Result<HttpResponse, Failure> {
    let mut builder = head(&response);
    let (length, is_head) = (response.content_length(), method == Method::HEAD);
    Ok(match length {
        Some(length) if is_head => builder.body(SizedStream::new(length, empty::<Result<Bytes, reqwest::Error>>())),
        None if is_head => builder.finish(),
        Some(length) if length <= WHOLE_MAX => builder.body(response.bytes().await.map_err(|error| broken(&error))?),
        Some(length) => builder.body(SizedStream::new(length, response.bytes_stream())),
        None => builder.body(BodyStream::new(response.bytes_stream())),
    })
}

/// The whole answer; 502 where it is too large to be kept.
pub async fn collect(response: Response) -> Result<Answered, Failure> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), text(name, value)?));
    let headers = returning(response.headers()).filter_map(line).collect();
    let status = response.status().as_u16();
    let mut body = BytesMut::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| broken(&error))?;
        if body.len() + piece.len() > KEPT_MAX {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answered { status, headers, body: body.freeze() })
}

fn head(response: &Response) -> HttpResponseBuilder {
    let status = StatusCode::from_u16(response.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut builder = HttpResponse::build(status);
    for (name, value) in returning(response.headers()) {
        if let Some(value) = text(name, value) {
            builder.append_header((name.as_str(), value));
        }
    }
    builder
}

fn text(name: &HeaderName, value: &HeaderValue) -> Option<String> {
    let value = value.to_str().ok()?;
    Some(if name == LOCATION { path_only(value) } else { value }.to_owned())
}

/// Where a service names itself by address, callers could not follow.
fn path_only(location: &str) -> &str {
    let after_scheme = location.strip_prefix("http://").or_else(|| location.strip_prefix("https://"));
    let Some(rest) = after_scheme else { return location };
    rest.find('/').and_then(|place| rest.get(place..)).unwrap_or("/")
}

fn broken(error: &reqwest::Error) -> Failure {
    Failure::internal(Kind::BadGateway, "bad-gateway", error)
}

fn too_large() -> Failure {
    let detail = "the service's answer is too large to be kept for its `Idempotency-Key`";
    Failure::new(Kind::BadGateway, "answer-too-large", detail)
}
