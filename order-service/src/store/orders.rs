//! Orders, read.

use chrono::NaiveDateTime;
use contracts::{Customer, FieldError, Id, Order, OrderStatus};
use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};

use super::row::{BinId, OrderRow};
use super::schema::orders;
use super::{Failed, Store};
use crate::domain::{OrderError, Versioned};

/// The last microsecond that the engine can write: the end of the year 9999.
const MOMENT_US_MAX: i64 = 253_402_300_799_999_999;

/// Which orders are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OrderFilter {
    pub(crate) customer_id: Option<Id<Customer>>,
    pub(crate) status: Option<OrderStatus>,
    pub(crate) after: Option<OrderPlace>,
    pub(crate) limit: u32,
}

/// An order's place in the list, newest first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct OrderPlace {
    created_us: i64,
    id: Id<Order>,
}

impl OrderPlace {
    pub(crate) const fn of(order: &Order) -> Self {
        Self { created_us: order.created_at.timestamp_micros(), id: order.id }
    }
}

impl Store {
    /// The order; tombstones are none.
    pub(crate) async fn find_order(&self, id: Id<Order>) -> Result<Versioned<Order>, OrderError> {
        let id = BinId::from(id);
        let find = async |connection: &mut AsyncMysqlConnection| {
            Ok(orders::table.find(id).select(OrderRow::as_select()).first(connection).await.optional()?)
        };
        let row: Option<OrderRow> = self.engine.with(find).await?;
        Ok(row.filter(|row| !row.tombstone).ok_or(OrderError::NotFound)?.read()?)
    }

    /// The orders that are wanted, newest first.
    pub(crate) async fn list_orders(&self, filter: OrderFilter) -> Result<Vec<Order>, OrderError> {
        let list = async |connection: &mut AsyncMysqlConnection| {
            Ok(wanted(filter)?.select(OrderRow::as_select()).load(connection).await?)
        };
        let rows: Vec<OrderRow> = self.engine.with(list).await?;
        let orders = rows.into_iter().map(|row| Ok(row.read()?.document));
        orders.collect()
    }
}

fn wanted<'a>(filter: OrderFilter) -> Result<orders::BoxedQuery<'a, diesel::mysql::Mysql>, Failed> {
    let newest_first = (orders::created_at.desc(), orders::id.desc());
    let mut query = orders::table.filter(orders::tombstone.eq(false)).order(newest_first).into_boxed();
    if let Some(customer) = filter.customer_id {
        query = query.filter(orders::customer_id.eq(BinId::from(customer)));
    }
    if let Some(status) = filter.status {
        query = query.filter(orders::status.eq(status.as_str()));
    }
    if let Some(OrderPlace { created_us, id }) = filter.after {
        let at = moment(created_us)?;
        let later_rows = orders::created_at.lt(at).or(orders::id.lt(BinId::from(id)));
        query = query.filter(orders::created_at.le(at)).filter(later_rows);
    }
    Ok(query.limit(i64::from(filter.limit)))
}

/// The moment of a cursor; anybody can make one up.
fn moment(us: i64) -> Result<NaiveDateTime, OrderError> {
    let sane = Some(us).filter(|us| (0..=MOMENT_US_MAX).contains(us));
    let made_up = || OrderError::Invalid(vec![FieldError::new("/cursor", "is not a cursor of this list")]);
    Ok(sane.and_then(chrono::DateTime::from_timestamp_micros).ok_or_else(made_up)?.naive_utc())
}
