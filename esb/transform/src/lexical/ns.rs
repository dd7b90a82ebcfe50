//! Namespaces.

/// Ours.
pub const NAMESPACE: &str = "urn:ecommerce-soa:v1";
/// That of problems (RFC 9457, still under the number of the RFC it replaced).
pub const PROBLEM_NAMESPACE: &str = "urn:ietf:rfc:7807";

pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub(crate) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The number of ours in every grammar.
pub(crate) const OURS: usize = 0;
/// No namespace at all.
pub(crate) const NONE: usize = usize::MAX;
/// That of `xsi:nil`.
pub(crate) const INSTANCE: usize = usize::MAX - 1;
/// That of `xml:lang`.
pub(crate) const RESERVED: usize = usize::MAX - 2;
/// One that no schema speaks of.
pub(crate) const FOREIGN: usize = usize::MAX - 3;

/// A namespace that a schema names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Namespace {
    /// Ours has none.
    pub(crate) prefix: Box<str>,
    pub(crate) uri: Box<str>,
}
