//! Customers and where their parcels go.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Order, Payment};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Customer {
    /// Given at registration.
    pub id: Id<Customer>,
    /// Unique among customers, compared without regard to case.
    pub email: String,
    /// As the customer wants to be called.
    pub name: String,
    /// Whether the account is in use.
    pub status: CustomerStatus,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// `GET /customers/{id}/overview`: a part that could not be had is absent, and named in `missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerOverview {
    /// Who it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// The latest orders, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<Vec<Order>>,
    /// The latest payments, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<Payment>>,
    /// The names of the parts that could not be had.
    pub missing: Vec<String>,
}

/// Whether an account is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// Can sign in and order.
    Active,
    /// Personal data are gone; the id stays for the orders.
    Erased,
}

/// `PATCH /customers/{id}`: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// The new e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An entry of a customer's address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Address {
    /// Given when the address was added.
    pub id: Id<Address>,
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// What else the carrier needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The town.
    pub city: String,
    /// As the country writes it.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether it is proposed first; one address at most is.
    pub default: bool,
}

/// `POST /customers/{id}/addresses`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// What else the carrier needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The town.
    pub city: String,
    /// As the country writes it.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2, such as `DE`.
    pub country: String,
    /// Whether it is to be proposed first; the first address is in any case.
    #[serde(default)]
    pub default: bool,
}

/// `PATCH /customers/{id}/addresses/{address_id}`: what is absent stays; an empty `line2` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressChange {
    /// Who receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// What else the carrier needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// As the country writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// `true` makes it the one that is proposed first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
}

/// Where an order goes. An entry of the address book can be passed as it is: its `id` and `default` are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostalAddress {
    /// Which entry of the address book it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id<Address>>,
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// What else the carrier needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The town.
    pub city: String,
    /// As the country writes it.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// As in the address book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
}
