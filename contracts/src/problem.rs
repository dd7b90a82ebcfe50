//! Errors on the wire: RFC 9457 problem details.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong, in `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:problem:<kebab-name>`; the names are in `infrastructure/docs/errors.md`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem, the same words each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time, and what to change.
    pub detail: String,
    /// The id of the request that failed, as in `x-request-id`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// For validation: each place that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// For a document that can't be parsed: the line where it breaks, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<u32>,
    /// The column there, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub column: Option<u32>,
}

/// One place in a body that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// RFC 6901 pointer into the body, such as `/items/0/quantity`.
    pub pointer: String,
    /// What is wrong there.
    pub detail: String,
}

impl FieldError {
    /// The mistake at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl Problem {
    /// A problem of the kind `name` (kebab-case), without request id and field errors.
    pub fn new(name: &str, status: u16, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:problem:{name}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            instance: String::new(),
            errors: Vec::new(),
            line: None,
            column: None,
        }
    }

    /// The kebab-case name: `type` without its prefix.
    pub fn name(&self) -> &str {
        self.kind.strip_prefix("urn:problem:").unwrap_or(&self.kind)
    }
}

/// The RFC 6901 pointer through `segments`.
pub fn pointer<'a>(segments: impl IntoIterator<Item = &'a str>) -> String {
    segments.into_iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}
