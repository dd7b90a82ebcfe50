//! What can be bought.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Money};

/// An article of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Given when it was added.
    pub id: Id<Product>,
    /// Stock keeping unit, unique in the catalogue.
    pub sku: String,
    /// For people.
    pub name: String,
    /// For people, longer.
    pub description: String,
    /// For one unit.
    pub price: Money,
    /// Units that can be ordered now.
    pub stock: i64,
    /// Where its picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Whether it can be found and ordered.
    pub active: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed, stock included.
    pub updated_at: DateTime<Utc>,
}

/// `POST /products`; stock starts at 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// Stock keeping unit, unique in the catalogue.
    pub sku: String,
    /// For people.
    pub name: String,
    /// For people, longer.
    pub description: String,
    /// For one unit; above 0.
    pub price: Money,
    /// Where its picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Whether it can be found and ordered; `true` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// `PATCH /products/{id}`: what is absent stays; an empty `image_url` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    /// The new stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The new price; orders that exist keep theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The new picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Whether it can be found and ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// `POST /products/{id}/stock`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    /// Units that came (above 0) or went (below 0); not 0.
    pub delta: i64,
    /// Why, for the books.
    pub reason: String,
}
