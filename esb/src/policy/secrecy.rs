//! What is kept of commands that may hold credentials, and of their answers.

use bytes::Bytes;
use serde_json::Value;

use crate::messages::{hide, holds_credentials, redact};

/// Takes messages for anybody.
const PUBLISH: &str = "/esb/publish";

/// Whether a command may hold credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    Open,
    Private,
}

impl Secrecy {
    /// Of a command to this path, which may have a query.
    pub(super) fn of(target: &str) -> Self {
        let path = target.split('?').next().unwrap_or_default();
        if holds_credentials(path) || path == PUBLISH { Self::Private } else { Self::Open }
    }

    /// What of the document counts when two are compared: a hash over a password is a way to guess it.
    pub(super) fn compared(self, mut document: Value) -> Value {
        if self == Self::Private {
            hide(&mut document);
        }
        document
    }

    /// What of the answer's body is kept.
    pub(super) fn kept(self, body: &Bytes) -> Bytes {
        match self {
            Self::Open => body.clone(),
            Self::Private => redact(body).unwrap_or_default(),
        }
    }
}
