//! The schema, which every instance brings up to date at its start.

use futures_util::future::join_all;
use order_service::migrate;

use crate::fixture::{Shop, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_that_start_at_once_do_not_get_in_each_others_way() {
    let url = testbed::shared().await.mysql_database("order").await;
    let settings = settings(&url, "http://127.0.0.1:1/jwks.json");
    let starts = (0..4).map(|_| {
        let database = settings.database.clone();
        tokio::task::spawn_blocking(move || tokio::runtime::Handle::current().block_on(migrate(&database)).is_ok())
    });
    let outcomes = join_all(starts).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.unwrap()));
    let shop = Shop::open_on(&url).await;
    shop.offer("LAMP", 100, 1).await;
}
