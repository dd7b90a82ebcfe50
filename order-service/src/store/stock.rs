//! Changes of stock by operators: booked, told to the bus, and done once for each key.

use contracts::{Id, Product};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncMysqlConnection, RunQueryDsl};
use uuid::Uuid;

use super::outbox::Notice;
use super::row::{BinId, ProductRow};
use super::schema::{outbox, products, stock_changes};
use super::{Failed, Store};
use crate::domain::{Act, Delta, IdempotencyKey, OrderError, Versioned};

/// A change of a product's stock that somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct Stocktaking {
    pub(crate) product_id: Id<Product>,
    pub(crate) delta: Delta,
    pub(crate) by: String,
    pub(crate) key: Option<IdempotencyKey>,
}

/// The product after a change of its stock, and whether that is an old story.
#[derive(Debug)]
pub(crate) enum Told {
    /// Changed by this request.
    Now(Versioned<Product>),
    /// Changed by an earlier request with the same key.
    Again(Versioned<Product>),
}

/// A booking, with an id of its own: an attempt whose answer was lost is found by it.
struct Booking<'a> {
    id: Uuid,
    asked: &'a Stocktaking,
    act: Act,
}

impl Store {
    /// Changes the stock; never below zero, and never twice for one key.
    pub(crate) async fn change_stock(&self, asked: &Stocktaking) -> Result<Told, OrderError> {
        let act = Act { by: asked.by.clone(), at: self.clock.now() };
        let booking = Booking { id: Id::<Stocktaking>::mint().uuid(), asked, act };
        let told = match self.engine.with(async |connection| book(connection, &booking).await).await {
            // Two requests with one key at once: the other one was faster.
            Err(Failed::Taken(_)) => self.engine.with(async |connection| book(connection, &booking).await).await,
            outcome => outcome,
        };
        Ok(told?)
    }
}

async fn book(connection: &mut AsyncMysqlConnection, booking: &Booking<'_>) -> Result<Told, Failed> {
    connection
        .transaction(async |connection| {
            if let Some(told) = booked_before(connection, booking).await? {
                return Ok(told);
            }
            let row = products::table.find(BinId::from(booking.asked.product_id)).for_update();
            let row = row.select(ProductRow::as_select()).first(connection).await.optional()?;
            let mut product = row.ok_or(OrderError::NotFound)?.read()?;
            product.document.stock = booking.asked.delta.of(product.document.stock)?;
            product.document.updated_at = booking.act.at;
            write(connection, booking, &product).await?;
            Ok(Told::Now(product))
        })
        .await
}

/// What was answered when this was booked, by an attempt of ours or under the same key.
async fn booked_before(connection: &mut AsyncMysqlConnection, booking: &Booking<'_>) -> Result<Option<Told>, Failed> {
    let asked = booking.asked;
    let ours = stock_changes::id.eq(BinId(booking.id));
    let columns = (
        stock_changes::product_id,
        stock_changes::delta,
        stock_changes::reason,
        stock_changes::answer,
        stock_changes::version,
    );
    let query = stock_changes::table.select(columns);
    let found: Option<(BinId, i64, String, String, i64)> = match &asked.key {
        None => query.filter(ours).first(connection).await.optional()?,
        Some(key) => {
            let same = stock_changes::changed_by.eq(&asked.by).and(stock_changes::idempotency_key.eq(key.as_str()));
            query.filter(same).first(connection).await.optional()?
        }
    };
    let Some((product_id, delta, reason, answer, version)) = found else { return Ok(None) };
    if product_id.id() != asked.product_id || delta != asked.delta.units || reason != asked.delta.reason {
        return Err(OrderError::IdempotencyMismatch.into());
    }
    Ok(Some(Told::Again(Versioned { document: serde_json::from_str(&answer)?, version })))
}

async fn write(
    connection: &mut AsyncMysqlConnection,
    booking: &Booking<'_>,
    product: &Versioned<Product>,
) -> Result<(), Failed> {
    let Versioned { document, version } = product;
    let at = booking.act.at.naive_utc();
    diesel::update(products::table.find(BinId::from(document.id)))
        .set((products::available.eq(document.stock), products::updated_at.eq(at)))
        .execute(connection)
        .await?;
    let entry = (
        stock_changes::id.eq(BinId(booking.id)),
        stock_changes::product_id.eq(BinId::from(document.id)),
        stock_changes::delta.eq(booking.asked.delta.units),
        stock_changes::reason.eq(&booking.asked.delta.reason),
        stock_changes::changed_by.eq(&booking.act.by),
        stock_changes::idempotency_key.eq(booking.asked.key.as_ref().map(IdempotencyKey::as_str)),
        stock_changes::answer.eq(serde_json::to_string(document)?),
        stock_changes::version.eq(version),
        stock_changes::created_at.eq(at),
    );
    diesel::insert_into(stock_changes::table).values(entry).execute(connection).await?;
    let kind = "product.stock_changed".to_owned();
    let notice = Notice::new(kind, document.id.to_string(), (document, booking.act.at))?;
    let told = (
        outbox::id.eq(BinId(notice.id)),
        outbox::kind.eq(&notice.kind),
        outbox::subject.eq(&notice.subject),
        outbox::body.eq(&notice.body),
        outbox::created_at.eq(at),
    );
    diesel::insert_into(outbox::table).values(told).execute(connection).await?;
    Ok(())
}
