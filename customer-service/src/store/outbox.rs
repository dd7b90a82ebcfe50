//! What has happened, kept until the bus has it.

use std::time::Duration;

use chassis::outbox::{Outbox, Unsent};
use chassis::{BoxError, Context};
use contracts::{Customer, Event, Id, SPEC_VERSION, Timestamp};
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Store;
use super::schema::outbox;
use crate::domain::CustomerError;

const SOURCE: &str = "/customer-service";
/// By the engine's clock, since those of the instances may differ.
const LEAD: &str = "\
INSERT INTO outbox_lead AS lead (owner, ends_at) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond') \
ON CONFLICT (single) DO UPDATE SET owner = excluded.owner, ends_at = excluded.ends_at \
WHERE lead.owner = excluded.owner OR lead.ends_at <= clock_timestamp()";

/// Writes the event `kind` about `customer`, in the transaction that the connection is in.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    kind: &str,
    customer: &Customer,
    now: Timestamp,
) -> Result<(), CustomerError> {
    let event = Event {
        specversion: SPEC_VERSION.to_owned(),
        id: Id::<Event<Customer>>::mint().uuid(),
        source: SOURCE.to_owned(),
        kind: kind.to_owned(),
        subject: customer.id.to_string(),
        time: now,
        datacontenttype: "application/json".to_owned(),
        traceparent: Context::current().map(|context| context.traceparent()),
        requestid: Context::current().map(|context| context.request_id),
        data: customer,
    };
    let body = serde_json::to_vec(&event).map_err(|error| CustomerError::Store(error.into()))?;
    let row = (
        outbox::id.eq(event.id),
        outbox::kind.eq(kind),
        outbox::subject.eq(&event.subject),
        outbox::body.eq(body),
        outbox::created_at.eq(now),
    );
    diesel::insert_into(outbox::table).values(row).execute(connection).await?;
    Ok(())
}

impl Outbox for Store {
    async fn lead(&self, owner: Uuid, lease: Duration) -> Result<bool, BoxError> {
        let lead =
            diesel::sql_query(LEAD).bind::<SqlUuid, _>(owner).bind::<BigInt, _>(i64::try_from(lease.as_millis())?);
        let rows = self.twice(async |mut connection| Ok(lead.clone().execute(&mut connection).await?)).await?;
        Ok(rows == 1)
    }

    async fn unsent(&self, limit: u32) -> Result<Vec<Unsent>, BoxError> {
        type Row = (Uuid, String, String, Vec<u8>);
        let oldest = outbox::table.order(outbox::seq).limit(limit.into()).select((
            outbox::id,
            outbox::kind,
            outbox::subject,
            outbox::body,
        ));
        let rows: Vec<Row> = self.twice(async |mut connection| Ok(oldest.load(&mut connection).await?)).await?;
        Ok(rows.into_iter().map(|(id, kind, subject, body)| Unsent { id, kind, subject, body }).collect())
    }

    async fn forget(&self, sent: &[Unsent]) -> Result<(), BoxError> {
        let ids = sent.iter().map(|event| event.id).collect::<Vec<_>>();
        self.twice(async |mut connection| {
            let gone = outbox::table.filter(outbox::id.eq_any(&ids));
            Ok(diesel::delete(gone).execute(&mut connection).await?)
        })
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Email, NewAccount};
    use crate::settings::Database;

    async fn database() -> String {
        testbed::shared().await.postgres_database("customer").await
    }

    async fn store(url: &str, clock: chassis::Clock) -> Store {
        let url = url.to_owned().into();
        let settings = Database { url, max_connections: 4, wait_ms: 2_000, statement_timeout_ms: 5_000, migrate: true };
        crate::store::migrate(&settings).await.unwrap();
        Store::connect(&settings, clock).unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_leads_until_its_lease_ends() {
        let real = chassis::Clock::real();
        let ahead = chassis::Clock::frozen(real.now() + chrono::Duration::hours(1));
        let url = database().await;
        let (store, hasty) = (store(&url, real).await, store(&url, ahead).await);
        let (one, two, lease) = (Id::<()>::mint().uuid(), Id::<()>::mint().uuid(), Duration::from_mins(1));
        assert!(store.lead(one, lease).await.unwrap());
        assert!(!store.lead(two, lease).await.unwrap());
        assert!(!hasty.lead(two, lease).await.unwrap(), "another clock ends no lease");
        assert!(store.lead(one, Duration::ZERO).await.unwrap(), "who leads may go on");
        assert!(hasty.lead(two, Duration::ZERO).await.unwrap());
        assert!(store.lead(one, lease).await.unwrap(), "nor does it make one longer");
        assert!(!hasty.lead(two, lease).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_confirmed_is_forgotten_and_the_rest_stays_in_order() {
        let store = store(&database().await, chassis::Clock::real()).await;
        for number in 0..3 {
            let email = Email::parse(&format!("c{number}@example.org")).unwrap();
            store.register(&NewAccount::operator(email), "hash", None).await.unwrap();
        }
        let unsent = store.unsent(2).await.unwrap();
        assert_eq!(unsent.len(), 2);
        let first: Event<Customer> = serde_json::from_slice(&unsent[0].body).unwrap();
        assert_eq!((first.id, first.kind.as_str()), (unsent[0].id, "customer.registered"));
        assert_eq!((first.subject.clone(), first.data.email.as_str()), (unsent[0].subject.clone(), "c0@example.org"));
        store.forget(&unsent).await.unwrap();
        store.forget(&unsent).await.unwrap();
        let rest = store.unsent(10).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert!(rest[0].subject != unsent[0].subject && rest[0].subject != unsent[1].subject);
    }
}
