//! Signing up, in and out; tokens for machines; the public keys.

mod cookie;
pub(super) mod jwks;
pub(super) mod login;
pub(super) mod logout;
mod oauth;
mod presented;
pub(super) mod refresh;
pub(super) mod register;
mod session;
pub(super) mod token;

pub(super) use jwks::jwks;
pub(super) use login::login;
pub(super) use logout::logout;
pub(super) use refresh::refresh;
pub(super) use register::register;
pub(super) use token::token;
