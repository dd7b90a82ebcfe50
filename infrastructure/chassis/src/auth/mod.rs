//! Who is asking: access tokens, checked the same way in every binary.

mod caller;
mod check;
mod keys;

pub(crate) use caller::is_known;
pub use caller::{Caller, Operator, SagaClient};
pub use check::Auth;
pub(crate) use check::authenticate;
pub use keys::Keys;

/// Claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// A customer's id, or a machine client's name.
    pub sub: String,
    /// When it was issued, in seconds since 1970.
    pub iat: u64,
    /// When it ends, in seconds since 1970.
    pub exp: u64,
    /// Unique for each token.
    pub jti: String,
    /// `customer`, `operator`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What a machine client may do, separated by spaces.
    #[serde(default)]
    pub scope: String,
}
