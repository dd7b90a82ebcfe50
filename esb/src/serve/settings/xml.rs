//! `[xml]`: how much of everything an XML document may have.

use serde::Deserialize;
use transform::Limits;

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
