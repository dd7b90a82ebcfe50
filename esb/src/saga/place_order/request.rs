//! What a step asks of a service, whole: what is sent and what operators are shown is the same thing.

use reqwest::Method;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::endpoint::services::Question;

/// A question that owns its parts. It can't be printed: its body may hold a token.
#[derive(Serialize)]
pub(super) struct Request<B> {
    #[serde(serialize_with = "by_name")]
    pub(super) method: Method,
    pub(super) service: &'static str,
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<B>,
}

impl<B: Serialize> Request<B> {
    pub(super) fn question(&self) -> Question<'_, B> {
        Question { method: &self.method, service: self.service, path: &self.path, body: self.body.as_ref() }
    }

    /// As operators are told of it.
    pub(super) fn told(&self) -> Option<Box<RawValue>> {
        to_raw_value(self).ok()
    }
}

fn by_name<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}
