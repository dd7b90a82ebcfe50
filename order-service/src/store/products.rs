//! The catalogue.

use contracts::{Id, Product};
use diesel::mysql::Mysql;
use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};

use super::place::FIRST_VERSION;
use super::row::{BinId, ProductRow};
use super::schema::products;
use super::{Failed, Store};
use crate::domain::{Edit, Entry, OrderError, Versioned, Wanted};

/// How often a change is tried on a product that others change at the same time.
const ATTEMPTS_MAX: u32 = 10;

/// Which products are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProductFilter {
    /// What name, SKU or description holds.
    pub(crate) text: Option<String>,
    pub(crate) range: Range,
    pub(crate) after: Option<ProductPlace>,
    pub(crate) limit: u32,
}

/// Which part of the catalogue somebody sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Range {
    /// What is sold.
    #[default]
    Active,
    /// What was sold, too.
    All,
}

/// A product's place in the list, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ProductPlace {
    name: String,
    id: Id<Product>,
}

impl ProductPlace {
    pub(crate) fn of(product: &Product) -> Self {
        Self { name: product.name.clone(), id: product.id }
    }
}

impl Store {
    /// The product.
    pub(crate) async fn find_product(&self, id: Id<Product>) -> Result<Versioned<Product>, OrderError> {
        let id = BinId::from(id);
        let find = async |connection: &mut AsyncMysqlConnection| {
            Ok(products::table.find(id).select(ProductRow::as_select()).first(connection).await.optional()?)
        };
        let row: Option<ProductRow> = self.engine.with(find).await?;
        Ok(row.ok_or(OrderError::NotFound)?.read()?)
    }

    /// The products that are wanted, by name.
    pub(crate) async fn list_products(&self, filter: &ProductFilter) -> Result<Vec<Product>, OrderError> {
        let list = async |connection: &mut AsyncMysqlConnection| {
            Ok(wanted(filter).select(ProductRow::as_select()).load(connection).await?)
        };
        let rows: Vec<ProductRow> = self.engine.with(list).await?;
        let products = rows.into_iter().map(|row| Ok(row.read()?.document));
        products.collect()
    }

    /// Adds an entry to the catalogue, without stock.
    pub(crate) async fn add_product(&self, entry: Entry) -> Result<Versioned<Product>, OrderError> {
        let now = self.clock.now();
        let product = Product {
            id: Id::mint(),
            sku: entry.sku,
            name: entry.name,
            description: entry.description,
            price: entry.price,
            stock: 0,
            image_url: entry.image_url,
            active: entry.active,
            created_at: now,
            updated_at: now,
        };
        match self.engine.with(async |connection| insert(connection, &product).await).await {
            Ok(()) => Ok(Versioned { document: product, version: FIRST_VERSION }),
            // After a lost answer, the SKU may be taken by this very product.
            Err(Failed::Taken(_)) => match self.find_product(product.id).await {
                Err(OrderError::NotFound) => Err(OrderError::SkuTaken(product.sku)),
                found => found,
            },
            Err(failed) => Err(failed.into()),
        }
    }

    /// Changes an entry, if it is of a wanted version.
    pub(crate) async fn edit_product(
        &self,
        id: Id<Product>,
        edit: &Edit,
        wanted: &Wanted,
    ) -> Result<Versioned<Product>, OrderError> {
        for _ in 0..ATTEMPTS_MAX {
            let known = self.find_product(id).await?;
            wanted.check(known.version)?;
            let mut edited = edit.of(&known.document);
            if edited == known.document {
                return Ok(known);
            }
            edited.updated_at = self.clock.now();
            let met = self.engine.with(async |connection| update(connection, &edited, known.version).await).await;
            self.prices.forget(id);
            match met {
                Ok(1) => return Ok(Versioned { document: edited, version: known.version + 1 }),
                Ok(_somebody_was_faster) => {}
                Err(Failed::Taken(_)) => return Err(OrderError::SkuTaken(edited.sku)),
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(Failed::Unmet.into())
    }
}

fn wanted<'a>(filter: &ProductFilter) -> products::BoxedQuery<'a, Mysql> {
    let mut query = products::table.order((products::name, products::id)).into_boxed();
    if filter.range == Range::Active {
        query = query.filter(products::active.eq(true));
    }
    if let Some(text) = &filter.text {
        let pattern = format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        let named = products::name.like(pattern.clone()).escape('!');
        let numbered = products::sku.like(pattern.clone()).escape('!');
        query = query.filter(named.or(numbered).or(products::description.like(pattern).escape('!')));
    }
    if let Some(ProductPlace { name, id }) = filter.after.clone() {
        let later_rows = products::name.gt(name.clone()).or(products::id.gt(BinId::from(id)));
        query = query.filter(products::name.ge(name)).filter(later_rows);
    }
    query.limit(i64::from(filter.limit))
}

async fn insert(connection: &mut AsyncMysqlConnection, product: &Product) -> Result<(), Failed> {
    let row = (
        products::id.eq(BinId::from(product.id)),
        products::sku.eq(&product.sku),
        products::name.eq(&product.name),
        products::description.eq(&product.description),
        products::price_amount.eq(product.price.amount()),
        products::price_currency.eq(product.price.currency().as_str().to_owned()),
        products::available.eq(product.stock),
        products::image_url.eq(&product.image_url),
        products::active.eq(product.active),
        products::version.eq(FIRST_VERSION),
        products::created_at.eq(product.created_at.naive_utc()),
        products::updated_at.eq(product.updated_at.naive_utc()),
    );
    diesel::insert_into(products::table).values(row).execute(connection).await?;
    Ok(())
}

/// How many rows it met: none where somebody else has changed the product since `version`.
async fn update(connection: &mut AsyncMysqlConnection, product: &Product, version: i64) -> Result<usize, Failed> {
    let row = products::table.filter(products::id.eq(BinId::from(product.id))).filter(products::version.eq(version));
    let change = (
        products::sku.eq(&product.sku),
        products::name.eq(&product.name),
        products::description.eq(&product.description),
        products::price_amount.eq(product.price.amount()),
        products::price_currency.eq(product.price.currency().as_str().to_owned()),
        products::image_url.eq(&product.image_url),
        products::active.eq(product.active),
        products::version.eq(version + 1),
        products::updated_at.eq(product.updated_at.naive_utc()),
    );
    Ok(diesel::update(row).set(change).execute(connection).await?)
}
