//! Databases of one's own on the shared engines.

use testbed::process::Launch;
use testbed::{program, shared};

async fn psql(url: &str, statement: &str) -> String {
    let program = program::find_postgres("psql").unwrap();
    let psql = Launch::new(&program, std::path::Path::new("/"));
    psql.args(["-XqAt", "-d", url, "-c", statement]).run().await.unwrap()
}

#[tokio::test]
async fn every_call_makes_another_database() {
    let shared = shared().await;
    let (one, other) = tokio::join!(shared.postgres_database("Same-Name"), shared.postgres_database("Same-Name"));
    assert_ne!(one, other);
    psql(&one, "CREATE TABLE only_here (id int)").await;
    assert_eq!(psql(&other, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'").await.trim(), "0");
    assert_eq!(psql(&one, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'").await.trim(), "1");
}

#[tokio::test]
async fn every_engine_gives_databases() {
    let shared = shared().await;
    assert!(shared.mysql_database("orders").await.starts_with("mysql://app:"));
    assert!(shared.mongo_database("payments").await.ends_with("_payments?directConnection=true"));
    let vhost = shared.amqp_vhost("bus").await;
    let found = testbed::http::client().unwrap().get(format!("{}/api/vhosts/{}", vhost.management_url, vhost.name));
    assert!(found.send().await.unwrap().status().is_success());
    assert!(vhost.url.ends_with(&vhost.name));
}

#[tokio::test]
async fn starters_that_come_at_once_start_one_set_of_engines() {
    let folder = super::Folder::new("once");
    let starts = tokio::join!(
        testbed::shared::start(&folder.0),
        testbed::shared::start(&folder.0),
        testbed::shared::start(&folder.0)
    );
    let sites = starts.0.unwrap();
    assert_eq!(sites, starts.1.unwrap());
    assert_eq!(sites, starts.2.unwrap());
    let engines = testbed::Engines::open(&sites, testbed::process::Bond::Nobody);
    let pids = engines.all().map(|engine| engine.identity().unwrap());
    assert!(pids.iter().all(|pid| pid.is_alive()));
    testbed::shared::discard(&folder.0).await.unwrap();
    assert!(pids.iter().all(|pid| !pid.is_alive()));
    assert!(!sites.postgres.folder.exists());
    let names = sites.rabbitmq.broker.unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", names.management)).is_err());
}
