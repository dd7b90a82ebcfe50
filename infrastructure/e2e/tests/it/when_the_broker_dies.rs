//! A steady load of orders over RabbitMQ, while the broker, the wire to it and the ESB fail: what was confirmed to its
//! sender has one effect and one answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use testbed::binary::Binary;
use testbed::engine::{Durability, Engine, Kind, Site};
use testbed::process::Bond;
use testbed::{Sites, System, Vhost};

use crate::world::{Producers, Shopper, Wire, World, new_key};

const STOCK: i64 = 1_000_000;
const PRODUCERS: usize = 4;
/// How long the bus may take to work again, once what it needs is there.
const RECOVERY: Duration = Duration::from_secs(10);
/// How long all that was confirmed may take to be answered after the last fault.
const ANSWERED: Duration = Duration::from_mins(1);

/// A world on a broker of its own, which may be killed.
struct Drill {
    world: World,
    broker: Engine,
    shopper: Shopper,
    lamp: String,
    producers: Producers,
}

impl Drill {
    /// `wire` goes between the ESB and its broker.
    async fn start(esbs: u8, wire: impl AsyncFnOnce(&Engine) -> Option<u16>) -> Self {
        let folder = testbed::shared::repository().join(format!(".local/private/{}", new_key()));
        let site = Site::open(&folder, Kind::Rabbitmq, Durability::Process).await.unwrap();
        let broker = Engine::open(site.clone(), Bond::Starter);
        broker.start().await.unwrap();
        let sites = Sites { rabbitmq: site.clone(), ..(**testbed::shared().await).clone() };
        let builder = System::builder().on(&sites).esbs(esbs);
        let Vhost { url, .. } = sites.new_amqp_vhost("drill").await.unwrap();
        let builder = match wire(&broker).await {
            Some(port) => {
                let wired = url.replace(&format!(":{}/", site.port), &format!(":{port}/"));
                assert_ne!(wired, url);
                builder.env(Binary::Esb, "ESB__BROKER__URL", &wired)
            }
            None => builder.env(Binary::Esb, "ESB__BROKER__URL", &url),
        };
        let world = World::with(builder.start().await.unwrap()).await;
        let (shopper, lamp) = (world.shopper().await, world.product(100, STOCK).await);
        let producers = Producers::start(&url, &shopper.wants(&lamp, 1, "tok_visa"), PRODUCERS).await;
        // The last that was declared.
        written_down(&folder, "replies").await;
        let drill = Self { world, broker, shopper, lamp, producers };
        drill.goes_on(20).await;
        drill
    }

    /// Waits for so many further answers.
    async fn goes_on(&self, count: usize) {
        for _ in 0..count {
            self.producers.book.next_answer(RECOVERY).await.expect("no answer in time");
        }
    }

    /// Everything that was confirmed has had its one effect and its one answer.
    async fn ends_well(mut self) {
        self.producers.stop().await;
        let book = std::sync::Arc::clone(&self.producers.book);
        let answered = async || book.answered_count() == book.confirmed_count();
        testbed::wait::until("every message is answered", ANSWERED, answered).await.unwrap();
        let mut orders = book.orders();
        let count = orders.len();
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), count, "each message is an order of its own");
        assert_eq!(self.world.stock(&self.lamp).await, STOCK - i64::try_from(count).unwrap(), "and each is one order");
        for order in orders.iter().step_by(orders.len().div_ceil(10)) {
            self.world.books(order).await.are_confirmed_and_charged_once();
        }
        assert!(!self.shopper.id.is_empty() && self.producers.are_connected());
        drop(self.world);
        self.broker.discard().await.unwrap();
    }
}

/// RabbitMQ 3.10 writes down a new quorum queue seconds after it has said that it is there, and one that it has not
/// written down is lost for good when it is killed.
async fn written_down(folder: &Path, queue: &str) {
    let known = async || {
        let names = files(folder).into_iter().filter(|path| path.ends_with("names.dets"));
        let mut texts = names.filter_map(|path| std::fs::read(path).ok());
        texts.any(|text| text.windows(queue.len()).any(|part| part == queue.as_bytes()))
    };
    testbed::wait::until("the broker has written down its queues", ANSWERED, known).await.unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_is_killed_five_times() {
    let drill = Drill::start(1, async |_| None).await;
    for _ in 0..5 {
        drill.broker.kill9().await.unwrap();
        drill.broker.start().await.unwrap();
        drill.goes_on(10).await;
    }
    drill.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_is_cut_off_for_twenty_seconds() {
    let mut wire = None;
    let drill = Drill::start(1, async |broker| {
        let wire = wire.insert(Wire::to(broker.site().port).await);
        Some(wire.port)
    })
    .await;
    let wire = wire.unwrap();
    wire.cut();
    tokio::time::sleep(Duration::from_secs(20)).await;
    let ready = drill.world.get("/health/ready", &drill.world.operator).await;
    assert_eq!(ready.status, 503, "{:?}", ready.body);
    let placed = drill.shopper.wants(&drill.lamp, 1, "tok_declined");
    drill.world.place(&drill.shopper, &placed, Some(&new_key())).await.refused(402, "payment-declined");
    wire.mend();
    drill.goes_on(10).await;
    drill.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_esb_is_killed_in_mid_stream() {
    let drill = Drill::start(1, async |_| None).await;
    for _ in 0..3 {
        drill.world.system.kill(Binary::Esb).await.unwrap();
        drill.world.system.start_again(Binary::Esb).await.unwrap();
        drill.goes_on(10).await;
    }
    drill.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_esbs_is_killed() {
    let drill = Drill::start(2, async |_| None).await;
    drill.world.system.kill(Binary::Esb).await.unwrap();
    drill.goes_on(20).await;
    drill.world.system.start_again(Binary::Esb).await.unwrap();
    drill.goes_on(10).await;
    drill.ends_well().await;
}
