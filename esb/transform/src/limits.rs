//! How much of everything a document may have.

/// What a document may have at most; more is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole document.
    pub body_max: usize,
    /// Elements within each other, the root included; at most [`Limits::DEPTH_CEILING`] whatever is set.
    pub depth_max: usize,
    /// Attributes of one element, declarations of namespaces included.
    pub attributes_max: usize,
    /// Declarations of namespaces that are in force at one place.
    pub namespaces_max: usize,
    /// Bytes of the name of an element or attribute.
    pub name_max: usize,
}

impl Limits {
    /// Documents are read by recursion, which must not outgrow the stack.
    pub const DEPTH_CEILING: usize = 256;

    pub(crate) fn depth(&self) -> usize {
        self.depth_max.min(Self::DEPTH_CEILING)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_max: 1 << 20, depth_max: 64, attributes_max: 256, namespaces_max: 64, name_max: 256 }
    }
}
