//! What the SOAP service can be told.

use serde::Deserialize;

/// `[soap]` of the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
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
