//! Rows, and the documents they stand for.

use contracts::{Address, Customer, CustomerStatus, Id, Timestamp};
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{AsChangeset, Insertable, Queryable, QueryableByName, Selectable};
use uuid::Uuid;

use super::schema::{addresses, customers, machine_clients, refresh_tokens, signing_keys};
use crate::domain::{SigningKey, Versioned};

/// A customer, without the password.
#[derive(Queryable, Selectable, QueryableByName)]
#[diesel(table_name = customers)]
pub(super) struct CustomerRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Bool)]
    pub(super) is_operator: bool,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    #[diesel(sql_type = Timestamptz)]
    updated_at: Timestamp,
}

impl From<CustomerRow> for Customer {
    fn from(row: CustomerRow) -> Self {
        // The table takes no third status.
        let status = if row.status == "erased" { CustomerStatus::Erased } else { CustomerStatus::Active };
        let CustomerRow { id, email, name, created_at, updated_at, .. } = row;
        Self { id: Id::from_uuid(id), email, name, status, created_at, updated_at }
    }
}

impl From<CustomerRow> for Versioned<Customer> {
    fn from(row: CustomerRow) -> Self {
        Self { version: row.version, document: row.into() }
    }
}

#[derive(Insertable)]
#[diesel(table_name = customers)]
pub(super) struct NewCustomerRow<'a> {
    pub(super) id: Uuid,
    pub(super) email: &'a str,
    pub(super) email_key: String,
    pub(super) name: &'a str,
    pub(super) status: &'static str,
    pub(super) is_operator: bool,
    pub(super) password_hash: &'a str,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// What is absent stays.
#[derive(AsChangeset)]
#[diesel(table_name = customers)]
pub(super) struct CustomerChangeRow<'a> {
    pub(super) email: Option<&'a str>,
    pub(super) email_key: Option<String>,
    pub(super) name: Option<&'a str>,
    pub(super) updated_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = addresses)]
pub(super) struct AddressRow {
    pub(super) id: Uuid,
    pub(super) customer_id: Uuid,
    pub(super) name: String,
    pub(super) line1: String,
    pub(super) line2: Option<String>,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) country: String,
    pub(super) is_default: bool,
    pub(super) version: i64,
}

impl From<AddressRow> for Versioned<Address> {
    fn from(row: AddressRow) -> Self {
        let AddressRow { id, name, line1, line2, city, postal_code, country, is_default, version, .. } = row;
        let id = Id::from_uuid(id);
        Self { document: Address { id, name, line1, line2, city, postal_code, country, default: is_default }, version }
    }
}

/// What is absent stays; `Some(None)` takes away.
#[derive(AsChangeset)]
#[expect(clippy::option_option, reason = "this is how diesel tells NULL from unchanged")]
#[diesel(table_name = addresses)]
pub(super) struct AddressChangeRow<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) line1: Option<&'a str>,
    pub(super) line2: Option<Option<String>>,
    pub(super) city: Option<&'a str>,
    pub(super) postal_code: Option<&'a str>,
    pub(super) country: Option<&'a str>,
    pub(super) is_default: Option<bool>,
    pub(super) version: i64,
}

#[derive(Insertable)]
#[diesel(table_name = refresh_tokens)]
pub(super) struct RefreshRow {
    pub(super) hash: Vec<u8>,
    pub(super) family: Uuid,
    pub(super) customer_id: Uuid,
    pub(super) expires_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = machine_clients)]
pub(super) struct MachineClientRow {
    pub(super) id: String,
    pub(super) secret_hash: String,
    pub(super) scope: String,
    pub(super) updated_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(super) struct SigningKeyRow {
    kid: String,
    private_key: Vec<u8>,
    created_at: Timestamp,
    retired_at: Option<Timestamp>,
}

impl From<SigningKeyRow> for SigningKey {
    fn from(row: SigningKeyRow) -> Self {
        let SigningKeyRow { kid, private_key, created_at, retired_at } = row;
        Self { kid, private_key, created_at, retired_at }
    }
}

impl From<SigningKey> for SigningKeyRow {
    fn from(key: SigningKey) -> Self {
        let SigningKey { kid, private_key, created_at, retired_at } = key;
        Self { kid, private_key, created_at, retired_at }
    }
}
