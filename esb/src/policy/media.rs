//! What may come in and go out: `Content-Type` and `Accept`, for documents that are JSON or XML.

use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING};
use chassis::{Failure, Kind};

/// A format of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/xml`.
    Xml,
    /// `text/xml`: the same under the name that older clients know.
    TextXml,
}

/// What comes, and what is wanted back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formats {
    /// Of the request's body, where it has one.
    pub comes: Option<Media>,
    /// Of the answer.
    pub goes: Media,
}

impl Media {
    /// Whether it is XML, under either name.
    pub const fn is_xml(self) -> bool {
        matches!(self, Self::Xml | Self::TextXml)
    }

    /// As an answer's `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml; charset=utf-8",
            Self::TextXml => "text/xml; charset=utf-8",
        }
    }

    /// As the `Content-Type` of a problem (RFC 9457).
    pub const fn problem_type(self) -> &'static str {
        match self {
            Self::Json => "application/problem+json",
            Self::Xml | Self::TextXml => "application/problem+xml; charset=utf-8",
        }
    }

    /// The format that a `Content-Type` names; in UTF-8, where it says so.
    pub fn named(content_type: &str) -> Option<Self> {
        let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        let media = match essence.trim().to_ascii_lowercase().as_str() {
            "text/xml" => Self::TextXml,
            "application/xml" => Self::Xml,
            "application/json" => Self::Json,
            other if other.starts_with("application/") && other.ends_with("+json") => Self::Json,
            other if other.starts_with("application/") && other.ends_with("+xml") => Self::Xml,
            _ => return None,
        };
        let utf8 = |name: &str| matches!(name, "utf-8" | "utf8" | "us-ascii");
        parameters.split(';').filter_map(charset).all(|name| utf8(&name)).then_some(media)
    }
}

impl Formats {
    /// 415 where the body is in another format, 406 where the caller excludes both.
    pub fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let comes = comes(headers)?;
        let detail = "the answer is JSON or XML: send `Accept: application/json`, `application/xml`, or none";
        let goes = goes(headers, comes);
        let goes = goes.ok_or_else(|| Failure::new(Kind::NotAcceptable, "not-acceptable", detail))?;
        Ok(Self { comes, goes })
    }

    /// The answer's format where anything must be said: JSON where the caller wants neither.
    pub fn of_any_answer(headers: &HeaderMap) -> Media {
        let named = headers.get(CONTENT_TYPE).and_then(|value| Media::named(value.to_str().ok()?));
        goes(headers, named).unwrap_or(Media::Json)
    }
}

fn comes(headers: &HeaderMap) -> Result<Option<Media>, Failure> {
    if !has_body(headers) {
        return Ok(None);
    }
    let named = headers.get(CONTENT_TYPE).and_then(|value| Media::named(value.to_str().ok()?));
    let detail = "the body must be JSON or XML, in UTF-8: send `Content-Type: application/json` or `application/xml`";
    named.map(Some).ok_or_else(|| Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", detail))
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH).map(|value| value != "0");
    length.unwrap_or_else(|| headers.contains_key(TRANSFER_ENCODING))
}

/// The most wanted of what we have (RFC 9110 section 12.5.1); of those that are wanted alike the one that is named
/// most exactly, then the request's own, then JSON.
fn goes(headers: &HeaderMap, comes: Option<Media>) -> Option<Media> {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let ranges = lines.flat_map(|line| line.split(',')).filter_map(Range::parse).collect::<Vec<_>>();
    let own = comes.unwrap_or(Media::Json);
    if ranges.is_empty() {
        return Some(own);
    }
    let weigh = |media: Media| {
        let exactest = ranges.iter().filter_map(|range| Some((range.exactness(media)?, range.quality))).max()?;
        let (exactness, quality) = exactest;
        (quality > 0).then_some(((quality, exactness, media == own), media))
    };
    // Of what weighs the same, the last is taken.
    [Media::TextXml, Media::Xml, Media::Json]
        .into_iter()
        .filter_map(weigh)
        .max_by_key(|(weight, _)| *weight)
        .map(|(_, media)| media)
}

/// One of the ranges of `Accept`.
struct Range {
    name: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
        let name = name.trim().to_ascii_lowercase();
        let quality = parameters.split(';').find_map(quality).unwrap_or(1000);
        (!name.is_empty()).then_some(Self { name, quality })
    }

    /// How exactly it names the format; `None` where it does not.
    fn exactness(&self, media: Media) -> Option<u8> {
        let exact = match media {
            Media::Json => ["application/json", "application/problem+json"],
            Media::Xml => ["application/xml", "application/problem+xml"],
            Media::TextXml => ["text/xml", "text/xml"],
        };
        match self.name.as_str() {
            name if exact.contains(&name) => Some(2),
            "application/*" if media != Media::TextXml => Some(1),
            "text/*" if media == Media::TextXml => Some(1),
            "*/*" => Some(0),
            _ => None,
        }
    }
}

/// `q=0.5` → 500; what can't be read is no wish.
fn quality(parameter: &str) -> Option<u16> {
    let text = parameter.trim().to_ascii_lowercase();
    let value = text.strip_prefix("q=")?.trim().parse::<f32>().ok()?;
    let thousandths = (value.clamp(0.0, 1.0) * 1000.0).round();
    (0..=1000_u16).rev().find(|step| f32::from(*step) <= thousandths)
}

fn charset(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let named = name.trim().eq_ignore_ascii_case("charset");
    named.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;

    use super::*;

    fn answer(accept: &str, content_type: Option<&str>) -> Option<Media> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("2"));
        }
        Formats::of(&headers).ok().map(|formats| formats.goes)
    }

    #[test]
    fn the_caller_gets_what_it_wants_most() {
        let wanted = [
            ("application/json", Media::Json),
            ("Application/JSON; q=0.5", Media::Json),
            ("application/xml", Media::Xml),
            ("text/xml", Media::TextXml),
            ("application/xml, application/json;q=0.9", Media::Xml),
            ("application/xml;q=0.3, application/json;q=0.9", Media::Json),
            ("application/xml, */*;q=0.1", Media::Xml),
            ("application/xml, */*", Media::Xml),
            ("application/json;q=0, */*", Media::Xml),
            ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Media::Xml),
            ("text/html, */*;q=0.1", Media::Json),
            ("application/*", Media::Json),
            ("application/problem+xml", Media::Xml),
            ("*/*", Media::Json),
            ("", Media::Json),
        ];
        for (accept, media) in wanted {
            assert_eq!(answer(accept, None), Some(media), "{accept}");
        }
    }

    #[test]
    fn who_does_not_mind_gets_what_it_has_sent() {
        for accept in ["*/*", "", "application/xml, application/json, text/xml"] {
            for (content_type, media) in
                [("application/xml", Media::Xml), ("text/xml", Media::TextXml), ("application/json", Media::Json)]
            {
                assert_eq!(answer(accept, Some(content_type)), Some(media), "{accept} {content_type}");
            }
        }
        assert_eq!(answer("application/json", Some("text/xml")), Some(Media::Json));
    }

    #[test]
    fn who_excludes_all_gets_nothing() {
        for accept in ["text/html", "image/*", "*/*;q=0", "application/*;q=0, text/plain", "application/json; Q=0.0"] {
            assert_eq!(answer(accept, None), None, "{accept}");
        }
    }

    #[test]
    fn bodies_are_json_or_xml_in_utf8() {
        let named = [
            ("application/json", Some(Media::Json)),
            ("application/merge-patch+json", Some(Media::Json)),
            ("application/soap+xml", Some(Media::Xml)),
            ("text/xml; charset=\"UTF-8\"", Some(Media::TextXml)),
            ("application/xml;charset=iso-8859-1", None),
            ("text/xml; charset=utf-16", None),
            ("text/plain", None),
            ("", None),
        ];
        for (content_type, media) in named {
            assert_eq!(Media::named(content_type), media, "{content_type}");
        }
    }
}
