//! `[xml]` and `[soap]`: what documents of legacy clients may be.

use serde::Deserialize;
use transform::Limits;

/// `[soap]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Soap {
    /// Where the WSDL says that it is; empty for wherever its reader has reached it.
    pub address: String,
    /// When a password in an envelope is taken.
    pub username_token: UsernameToken,
}

/// When a password in an envelope is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsernameToken {
    /// When it came by HTTPS, as a trusted proxy says, or from nearby.
    Trusted,
    /// Whatever way it came.
    Always,
    /// At no time.
    Never,
}

/// `[xml]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Xml {
    /// Elements within each other.
    pub depth_max: usize,
    /// Attributes of one element.
    pub attributes_max: usize,
    /// Declarations of namespaces in force at one place.
    pub namespaces_max: usize,
    /// Bytes of a name.
    pub name_max: usize,
}

impl Xml {
    /// For documents of at most so many bytes.
    pub const fn limits(&self, body_max: usize) -> Limits {
        let Self { depth_max, attributes_max, namespaces_max, name_max } = *self;
        Limits { body_max, depth_max, attributes_max, namespaces_max, name_max }
    }

    pub(super) fn is_sane(&self) -> bool {
        let all = [self.depth_max, self.attributes_max, self.namespaces_max, self.name_max];
        self.depth_max <= Limits::DEPTH_CEILING && all.iter().all(|most| *most >= 1)
    }
}
