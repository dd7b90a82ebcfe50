//! A service's answer on its way back to the caller.

use ::http::Method;
use ::http::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use bytes::{Bytes, BytesMut};
use chassis::{Failure, Kind};
use futures_util::StreamExt;
use reqwest::Response;

use super::headers::returning;
use crate::endpoint::message::{Answer, Content};
use crate::policy::Answered;

/// Up to here an answer goes out in one piece, with its head.
const WHOLE_MAX: u64 = 16 * 1024;
/// The largest answer that is kept for a key.
const KEPT_MAX: usize = 1 << 20;

/// The answer as it is, streaming where it is large.
pub async fn pass_on(response: Response, method: &Method) -> Result<Answer, Failure> {
    let (status, headers) = (response.status(), head(&response));
    let content = match response.content_length() {
        length if method == Method::HEAD => Content::Withheld(length),
        Some(length) if length <= WHOLE_MAX => Content::Whole(response.bytes().await.map_err(|error| broken(&error))?),
        _ => Content::Streaming(response),
    };
    Ok(Answer { status, headers, content })
}

/// The whole answer; 502 where it is too large to be kept.
pub async fn collect(response: Response) -> Result<Answered, Failure> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), text(name, value)?));
    let headers = returning(response.headers()).filter_map(line).collect();
    let status = response.status().as_u16();
    Ok(Answered { status, headers, body: gather(response, KEPT_MAX).await? })
}

/// The whole body, `size_max` bytes at most.
pub async fn gather(response: Response, size_max: usize) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| broken(&error))?;
        if body.len() + piece.len() > size_max {
            return Err(too_large(size_max));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

fn head(response: &Response) -> HeaderMap {
    let line = |(name, value)| Some((name, HeaderValue::from_str(&text(name, value)?).ok()?));
    let mut headers = HeaderMap::with_capacity(response.headers().len());
    for (name, value) in returning(response.headers()).filter_map(line) {
        headers.append(name, value);
    }
    headers
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

fn too_large(size_max: usize) -> Failure {
    let detail = format!("the service's answer is larger than {size_max} bytes, too large to be kept or sent at once");
    Failure::new(Kind::BadGateway, "answer-too-large", detail)
}
