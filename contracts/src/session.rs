//! Signing up, in and out.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Customer;

/// A password on its way to be checked; it can't be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// The password that reads `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the hash alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[password]")
    }
}

/// `POST /auth/register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The address that will sign in.
    pub email: String,
    /// 8 to 256 characters.
    pub password: Password,
    /// As the customer wants to be called.
    pub name: String,
    /// How the refresh token is to come back; in the body where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshDelivery>,
}

/// `POST /auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The address given at registration.
    pub email: String,
    /// The password given at registration.
    pub password: Password,
    /// How the refresh token is to come back; in the body where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshDelivery>,
}

/// How a refresh token reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefreshDelivery {
    /// As the cookie `refresh`, which scripts can't read.
    Cookie,
    /// In the body.
    Body,
}

/// `POST /auth/refresh` and `POST /auth/logout`; without a token, the cookie `refresh` is read.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The token of the last session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

impl fmt::Debug for RefreshRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshRequest")
    }
}

/// A signed-in customer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Who signed in.
    pub customer: Customer,
    /// A JWT for `Authorization: Bearer`.
    pub access_token: String,
    /// For the next session; absent where it came as a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("customer", &self.customer.id).finish_non_exhaustive()
    }
}
