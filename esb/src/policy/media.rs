//! What may come in and go out: `Content-Type` and `Accept`.

use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING};
use chassis::{Failure, Kind};

/// 406 where the caller excludes JSON (RFC 9110 section 12.5.1).
pub fn check_accept(headers: &HeaderMap) -> Result<(), Failure> {
    let mut lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok()).peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    // Of the ranges that match, the most specific decides.
    let ranges = lines.flat_map(|line| line.split(',')).filter_map(range).collect::<Vec<_>>();
    if ranges.is_empty() || ranges.iter().max().is_some_and(|(_, wanted)| *wanted) {
        return Ok(());
    }
    let detail = "the answer is JSON: send `Accept: application/json`, or none";
    Err(Failure::new(Kind::NotAcceptable, "not-acceptable", detail))
}

/// How specific the range is where it speaks of JSON (0 where it does not, so that `text/html` alone excludes it), and
/// whether it wants it.
fn range(text: &str) -> Option<(u8, bool)> {
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let name = name.trim().to_ascii_lowercase();
    let rank = match name.as_str() {
        "" => return None,
        "application/json" | "application/problem+json" => 3,
        "application/*" => 2,
        "*/*" => 1,
        _ => return Some((0, false)),
    };
    Some((rank, !parameters.split(';').any(is_zero)))
}

fn is_zero(parameter: &str) -> bool {
    let quality = parameter.trim().to_ascii_lowercase();
    quality.strip_prefix("q=").is_some_and(|value| value.trim().parse::<f32>().is_ok_and(|value| value <= 0.0))
}

/// 415 where there is a body that is not JSON.
pub fn check_content(headers: &HeaderMap) -> Result<(), Failure> {
    if !has_body(headers) || headers.get(CONTENT_TYPE).is_some_and(|value| is_json(value.to_str().unwrap_or(""))) {
        return Ok(());
    }
    let detail = "the body must be JSON: send `Content-Type: application/json`";
    Err(Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", detail))
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH).map(|value| value != "0");
    length.unwrap_or_else(|| headers.contains_key(TRANSFER_ENCODING))
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(accept: &str) -> bool {
        check_accept(&HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())])).is_ok()
    }

    #[test]
    fn json_goes_to_whoever_does_not_exclude_it() {
        for accept in
            ["*/*", "application/json", "text/html, */*;q=0.1", "application/*", "Application/JSON; q=0.5", ""]
        {
            assert!(accepts(accept), "{accept}");
        }
        for accept in
            ["text/html", "application/xml", "application/json;q=0", "application/json; Q=0.0, */*", "image/*"]
        {
            assert!(!accepts(accept), "{accept}");
        }
    }
}
