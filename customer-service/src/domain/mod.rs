//! What a customer is and may be; knows neither the web nor the store.

mod account;
mod address;
mod commonest_passwords;
mod country;
mod email;
mod error;
mod identity;
mod password;
mod scope;
mod text;

pub(crate) use account::{NewAccount, ProfileEdit, SignedIn, Versioned};
pub(crate) use address::{ADDRESSES_MAX, AddressEdit, AddressLines};
pub(crate) use email::Email;
pub(crate) use error::{CustomerError, Mistakes};
pub(crate) use identity::{Identity, NewRefresh, RefreshToken, SigningKey, Tokens, is_rotation_due};
pub(crate) use password::check_password;
pub(crate) use scope::{ACTS_FOR_CLIENTS, SCOPES, granted, has_scope, lent};
