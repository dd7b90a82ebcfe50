//! What waits in the store: sagas that have not settled, dead letters that nobody has looked at.

use std::time::Duration;

use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Double, Text};
use diesel_async::RunQueryDsl;

use super::prepared::Prepared;
use super::{Store, StoreError};

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// The states of a saga that has not settled.
const STATES: [&str; 3] = ["running", "compensating", "stuck"];

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Sagas {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Double)]
    count: f64,
    #[diesel(sql_type = Double)]
    age_s: f64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Letters {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Tells it, again and again.
pub async fn measure(store: Store) {
    loop {
        if let Err(error) = look(&store).await {
            tracing::debug!(error = %error, "what waits could not be counted");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(store: &Store) -> Result<(), StoreError> {
    let mut connection = store.connection().await?;
    let found: Vec<Sagas> = Prepared(diesel::sql_query(SAGAS)).load(&mut connection).await?;
    for state in STATES {
        let sagas = found.iter().find(|sagas| sagas.state == state);
        metrics::gauge!("esb_sagas", "state" => state).set(sagas.map_or(0.0, |sagas| sagas.count));
        metrics::gauge!("esb_saga_oldest_seconds", "state" => state).set(sagas.map_or(0.0, |sagas| sagas.age_s));
    }
    let letters: Letters = Prepared(diesel::sql_query(LETTERS)).get_result(&mut connection).await?;
    metrics::gauge!("esb_dead_letters_waiting").set(f64::from(u32::try_from(letters.count).unwrap_or(u32::MAX)));
    Ok(())
}

const SAGAS: &str = "\
SELECT state, count(*)::float8 AS count, extract(epoch FROM now() - min(created_at))::float8 AS age_s \
FROM sagas WHERE state IN ('running', 'compensating') GROUP BY state UNION ALL \
SELECT state, count(*)::float8, extract(epoch FROM now() - min(created_at))::float8 \
FROM sagas WHERE state = 'stuck' GROUP BY state";

/// Where there are more than anybody reads one by one, how many more does not matter.
const LETTERS: &str = "\
SELECT count(*) AS count FROM (SELECT 1 FROM dead_letters WHERE state = 'waiting' LIMIT 100000) AS waiting";
