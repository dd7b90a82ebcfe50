//! The outbox: what the bus is to be told, written in the transaction of the change itself, and read by the relay of
//! the chassis.

use std::time::Duration;

use chassis::outbox::{Outbox, Unsent};
use chassis::{BoxError, Context};
use contracts::{Event, Id, SPEC_VERSION, Timestamp};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;
use serde::Serialize;
use uuid::Uuid;

use super::engine::{Script, bytes, moment, text};
use super::row::BinId;
use super::schema::outbox;
use super::{Failed, Store};
use crate::OrderError;

const SOURCE: &str = "/order-service";

/// An event that is about to be written.
pub(super) struct Notice {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) at: Timestamp,
}

impl Notice {
    /// `kind` has happened to `document`, whose id is `subject`.
    pub(super) fn new<T: Serialize>(kind: String, subject: String, document: (&T, Timestamp)) -> Result<Self, Failed> {
        let (data, at) = document;
        let id = Id::<Self>::mint().uuid();
        let event = Event {
            specversion: SPEC_VERSION.to_owned(),
            id,
            source: SOURCE.to_owned(),
            kind,
            subject,
            time: at,
            datacontenttype: "application/json".to_owned(),
            traceparent: Context::current().map(|context| context.traceparent()),
            requestid: Context::current().map(|context| context.request_id),
            data,
        };
        let body = serde_json::to_string(&event)?;
        Ok(Self { id, kind: event.kind, subject: event.subject, body, at })
    }

    /// The statement that writes it, if the one before it has met `rows` rows.
    pub(super) fn insert_after(&self, rows: usize) -> String {
        format!(
            "INSERT INTO outbox (id, kind, subject, body, created_at) VALUES ({}, {}, {}, {}, {})",
            bytes(self.id.as_bytes()),
            Script::fenced(rows, &text(&self.kind)),
            text(&self.subject),
            text(&self.body),
            moment(self.at),
        )
    }
}

/// By the engine's clock, so that those of the instances may differ.
const LEAD: &str = "UPDATE outbox_lead SET owner = ?, until_at = NOW(6) + INTERVAL ? MICROSECOND \
                    WHERE one = 1 AND (owner = ? OR until_at <= NOW(6))";

type Row = (BinId, String, String, String);

impl Outbox for Store {
    async fn lead(&self, owner: Uuid, lease: Duration) -> Result<bool, BoxError> {
        let owner = BinId(owner);
        let lease_us = i64::try_from(lease.as_micros())?;
        let query = sql_query(LEAD).bind::<Binary, _>(owner).bind::<BigInt, _>(lease_us).bind::<Binary, _>(owner);
        let took = self.engine.attempt(|connection| async move { Ok(query.execute(connection).await?) }.boxed());
        Ok(took.await.map_err(OrderError::from)? == 1)
    }

    async fn unsent(&self, limit: u32) -> Result<Vec<Unsent>, BoxError> {
        let oldest = outbox::table.order(outbox::seq).limit(i64::from(limit));
        let query = oldest.select((outbox::id, outbox::kind, outbox::subject, outbox::body));
        let rows = self.engine.attempt(|connection| async move { Ok(query.load::<Row>(connection).await?) }.boxed());
        let rows = rows.await.map_err(OrderError::from)?;
        let unsent = |(id, kind, subject, body): Row| Unsent { id: id.0, kind, subject, body: body.into_bytes() };
        Ok(rows.into_iter().map(unsent).collect())
    }

    async fn forget(&self, sent: &[Unsent]) -> Result<(), BoxError> {
        let ids = sent.iter().map(|event| BinId(event.id)).collect::<Vec<_>>();
        let query = diesel::delete(outbox::table.filter(outbox::id.eq_any(ids)));
        let deleted = self.engine.attempt(|connection| async move { Ok(query.execute(connection).await?) }.boxed());
        deleted.await.map_err(OrderError::from)?;
        Ok(())
    }
}
