//! Rows, and the documents they stand for.

use chassis::BoxError;
use chrono::NaiveDateTime;
use contracts::{Id, Money, Order, OrderStatus, Product, RefundProgress};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::mysql::{Mysql, MysqlValue};
use diesel::prelude::*;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Binary;
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;
use uuid::Uuid;

use super::Failed;
use super::schema::{orders, products};
use crate::domain::Versioned;

/// An id in 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(super) struct BinId(pub(super) Uuid);

impl<T> From<Id<T>> for BinId {
    fn from(id: Id<T>) -> Self {
        Self(id.uuid())
    }
}

impl BinId {
    pub(super) const fn id<T>(self) -> Id<T> {
        Id::from_uuid(self.0)
    }
}

impl ToSql<Binary, Mysql> for BinId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        std::io::Write::write_all(out, self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Binary, Mysql> for BinId {
    fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(&<Vec<u8> as FromSql<Binary, Mysql>>::from_sql(value)?)?))
    }
}

/// A row of `products`.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = products, check_for_backend(Mysql))]
pub(super) struct ProductRow {
    pub(super) id: BinId,
    sku: String,
    name: String,
    description: String,
    price_amount: i64,
    price_currency: String,
    pub(super) available: i64,
    image_url: Option<String>,
    pub(super) active: bool,
    pub(super) version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl ProductRow {
    pub(super) fn read(self) -> Result<Versioned<Product>, Failed> {
        let document = Product {
            id: self.id.id(),
            sku: self.sku,
            name: self.name,
            description: self.description,
            price: money(self.price_amount, &self.price_currency)?,
            stock: self.available,
            image_url: self.image_url,
            active: self.active,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
        };
        Ok(Versioned { document, version: self.version })
    }
}

/// A row of `orders`.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(Mysql))]
pub(super) struct OrderRow {
    id: BinId,
    customer_id: BinId,
    status: String,
    refund: String,
    total_amount: i64,
    total_currency: String,
    payment_id: Option<BinId>,
    cancel_reason: Option<String>,
    items: String,
    history: String,
    shipping_address: Option<String>,
    shipment: Option<String>,
    version: i64,
    pub(super) tombstone: bool,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl OrderRow {
    pub(super) fn read(self) -> Result<Versioned<Order>, Failed> {
        let optional = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
        let document = Order {
            id: self.id.id(),
            customer_id: self.customer_id.id(),
            status: word::<OrderStatus>(&self.status)?,
            items: serde_json::from_str(&self.items)?,
            total: money(self.total_amount, &self.total_currency)?,
            shipping_address: serde_json::from_str(&optional(self.shipping_address))?,
            payment_id: self.payment_id.map(BinId::id),
            refund: word::<RefundProgress>(&self.refund)?,
            cancel_reason: self.cancel_reason,
            shipment: serde_json::from_str(&optional(self.shipment))?,
            history: serde_json::from_str(&self.history)?,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
        };
        Ok(Versioned { document, version: self.version })
    }
}

/// How far the money is back, as it stands in a row.
pub(super) const fn refund_word(refund: RefundProgress) -> &'static str {
    match refund {
        RefundProgress::None => "none",
        RefundProgress::Requested => "requested",
        RefundProgress::Partial => "partial",
        RefundProgress::Full => "full",
    }
}

fn word<T: DeserializeOwned>(word: &str) -> Result<T, Failed> {
    let read = T::deserialize(StrDeserializer::<serde::de::value::Error>::new(word));
    read.map_err(|error| Failed::Broken(BoxError::from(error)))
}

fn money(amount: i64, currency: &str) -> Result<Money, Failed> {
    let money = currency.parse().and_then(|currency| Money::new(amount, currency));
    money.map_err(|error| Failed::Broken(BoxError::from(error)))
}
