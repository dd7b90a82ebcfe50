//! The database is away: services stay where they were, and have time to renew when it is back.

use chassis::Clock;
use chrono::{DateTime, Duration, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::json;

use crate::fixture::{Bus, until};
use crate::upstream::Upstream;

/// The engine that holds a database, as seen from another.
struct Engine {
    connection: AsyncPgConnection,
    database: String,
}

impl Engine {
    async fn of(bus: &Bus) -> Self {
        let mut url: url::Url = bus.database_url.parse().unwrap();
        let database = url.path().trim_start_matches('/').to_owned();
        url.set_path("/postgres");
        Self { connection: AsyncPgConnection::establish(url.as_str()).await.unwrap(), database }
    }

    async fn allow(&mut self, connections: &str) {
        let allow = format!("ALTER DATABASE \"{}\" WITH ALLOW_CONNECTIONS {connections}", self.database);
        diesel::sql_query(allow).execute(&mut self.connection).await.unwrap();
    }

    /// Nobody is let in, and those inside are thrown out.
    async fn close(&mut self) {
        self.allow("false").await;
        let end = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'",
            self.database
        );
        diesel::sql_query(end).execute(&mut self.connection).await.unwrap();
    }
}

#[actix_web::test]
async fn services_that_are_well_are_not_forgotten_because_a_database_is_not() {
    let (bus, shelf) = (Bus::before(&Upstream::saying(200, json!({}))).await, Upstream::saying(200, json!({})));
    let mut engine = Engine::of(&bus).await;
    let lease = bus.shelf_at(&shelf.url, 5).await.body["lease_expires_at"].as_str().unwrap().to_owned();
    engine.close().await;
    let ended = lease.parse::<DateTime<Utc>>().unwrap() + Duration::seconds(3);
    until("the lease would have ended long ago", async || {
        assert_eq!(bus.get("/shelves/7").await.status, 200);
        Clock::real().now() > ended
    })
    .await;
    let refused = bus.shelf_at(&shelf.url, 5).await;
    assert_eq!(refused.status, 503, "who wants to renew is told to come again: {}", refused.text);
    engine.allow("true").await;
    until("the bus is ready", async || bus.get("/health/ready").await.status == 200).await;
    assert_eq!(bus.get("/shelves/7").await.status, 200, "nobody has had the time to renew");
    until("who does not renew in the end is gone", async || bus.get("/shelves/7").await.status == 503).await;
    assert_eq!(bus.shelf_at(&shelf.url, 5).await.status, 201);
    assert_eq!(bus.get("/shelves/7").await.status, 200);
}
