//! What callers see while the engine is ill: the work done late, or 503; never 500, and never half an order.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use contracts::{Id, Order};
use diesel_async::{AsyncConnection, AsyncMysqlConnection, SimpleAsyncConnection};
use futures_util::future::join_all;
use testbed::engine::{Durability, Engine, Kind, Site};
use testbed::process::Bond;

use crate::fixture::{Shop, wish};

/// An engine of a test's own, gone with the test.
struct Private {
    engine: Engine,
    folder: PathBuf,
}

impl Private {
    async fn start() -> Self {
        let folder = testbed::shared::repository().join(format!(".local/private/{}", Id::<()>::mint()));
        let site = Site::open(&folder, Kind::Mysql, Durability::Process).await.unwrap();
        let engine = Engine::open(site, Bond::Starter);
        engine.start().await.unwrap();
        Self { engine, folder }
    }

    async fn shop(&self) -> Shop {
        let mut root = AsyncMysqlConnection::establish(&self.engine.site().url("mysql")).await.unwrap();
        root.batch_execute("CREATE DATABASE orders").await.unwrap();
        Shop::open_on(&self.engine.site().url("orders")).await
    }

    async fn end(self) {
        self.engine.discard().await.unwrap();
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_engine_among_orders_leaves_each_of_them_whole_or_absent() {
    let private = Private::start().await;
    let shop = private.shop().await;
    let lamp = shop.offer("LAMP", 100, 1000).await;
    let orders = (0..60).map(|_| (Id::<Order>::mint(), wish(Id::mint(), &[(lamp, 1)]))).collect::<Vec<_>>();
    let first = join_all(orders.iter().map(|(id, wanted)| shop.put(*id, wanted)));
    let (first, ()) = tokio::join!(first, async { private.engine.kill9().await.unwrap() });
    for reply in &first {
        assert!(["201", "200", "503 unavailable"].contains(&reply.told().as_str()), "{reply:?}");
    }
    assert_eq!(shop.look("/health/ready").await.status, 503);
    private.engine.start().await.unwrap();
    assert_eq!(shop.look("/health/ready").await.status, 200);
    let present = join_all(orders.iter().map(|(id, _)| shop.order(*id))).await;
    let present = present.iter().filter(|order| order["status"] == "pending").count();
    let answered = first.iter().filter(|reply| reply.status < 300).count();
    assert!(present >= answered, "an order that was answered is gone: {answered} answered, {present} there");
    assert_eq!(shop.stock_of(lamp).await, 1000 - i64::try_from(present).unwrap());
    for reply in join_all(orders.iter().map(|(id, wanted)| shop.put(*id, wanted))).await {
        assert!(reply.status < 300, "{reply:?}");
    }
    assert_eq!(shop.stock_of(lamp).await, 940);
    private.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_engine_between_two_requests_is_not_noticed() {
    let private = Private::start().await;
    let shop = private.shop().await;
    let lamp = shop.offer("LAMP", 100, 100).await;
    let warm = join_all((0..30).map(|_| async { shop.place(Id::mint(), &[(lamp, 1)]).await })).await;
    private.engine.kill9().await.unwrap();
    private.engine.start().await.unwrap();
    let sold = join_all(warm.iter().map(|order| shop.confirm(*order, Id::mint()))).await;
    assert!(sold.iter().all(|reply| reply.status == 200), "{sold:?}");
    private.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_does_not_answer_is_not_waited_for_without_end() {
    let private = Private::start().await;
    let shop = private.shop().await;
    let lamp = shop.offer("LAMP", 100, 10).await;
    let order = Id::<Order>::mint();
    let wanted = wish(Id::mint(), &[(lamp, 1)]);
    private.engine.pause();
    let began = Instant::now();
    let stuck = shop.http.put(format!("{}/orders/{order}", shop.url)).timeout(Duration::from_secs(30));
    let stuck = shop.send(stuck.bearer_auth(shop.issuer.saga()).json(&wanted)).await;
    assert_eq!(stuck.told(), "503 unavailable");
    assert!(began.elapsed() < Duration::from_secs(28), "{:?}", began.elapsed());
    private.engine.resume();
    assert!(shop.put(order, &wanted).await.status < 300);
    assert_eq!(shop.stock_of(lamp).await, 9);
    private.end().await;
}
