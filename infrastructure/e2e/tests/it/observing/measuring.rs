//! Whatever a binary measures is described, in its own words and on the page for operators, with these labels alone.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use testbed::binary::Binary;
use testbed::shared::repository;

use crate::world::{IN_TIME, World};

/// What every binary tells about itself.
const OF_ALL: [&str; 9] = [
    "http_requests_total",
    "http_request_seconds",
    "database_connections",
    "database_connection_waits",
    "bus_connected",
    "bus_queue_messages",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
];

/// What an order leaves behind at this binary.
const fn of(binary: Binary) -> &'static [&'static str] {
    match binary {
        Binary::CustomerService => &["logins_total", "outbox_relayed_total", "outbox_oldest_seconds"],
        Binary::OrderService => &["outbox_relayed_total", "outbox_oldest_seconds", "bus_queue_consumers"],
        Binary::PaymentService => &["outbox_relayed_total", "outbox_oldest_seconds", "payment_provider_seconds"],
        Binary::Esb => &[
            "esb_sagas",
            "esb_saga_oldest_seconds",
            "esb_sagas_settled_total",
            "esb_saga_step_seconds",
            "esb_dead_letters_waiting",
            "esb_route_seconds",
            "esb_journal_batch_size",
            "events_consumed_total",
            "event_lag_seconds",
        ],
    }
}

/// The page for operators: name, type and labels.
fn page() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let page = std::fs::read_to_string(repository().join("infrastructure/docs/metrics.md")).unwrap();
    let row = |line: &str| {
        let cells = line.strip_prefix("| `")?.split(" | ").map(str::to_owned).collect::<Vec<_>>();
        let labels = cells[2].split(", ").map(|label| label.trim_matches('`').to_owned());
        let labels = labels.filter(|label| !label.is_empty()).collect();
        Some((cells[0].trim_end_matches('`').to_owned(), (cells[1].clone(), labels)))
    };
    page.lines().filter_map(row).collect()
}

/// What a binary tells: of each name its type, whether it has a description, and its labels.
#[derive(Default, Debug)]
struct Told {
    kinds: BTreeMap<String, String>,
    described: BTreeSet<String>,
    labels: BTreeMap<String, BTreeSet<String>>,
}

impl Told {
    fn read(text: &str) -> Self {
        let mut told = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let words = line.split(' ').collect::<Vec<_>>();
            match words.as_slice() {
                ["#", "TYPE", name, kind] => drop(told.kinds.insert((*name).to_owned(), (*kind).to_owned())),
                ["#", "HELP", name, ..] => drop(told.described.insert((*name).to_owned())),
                _ => told.sample(line),
            }
        }
        told
    }

    fn sample(&mut self, line: &str) {
        let (series, labels) = line.split_once('{').unwrap_or((line.split(' ').next().unwrap(), ""));
        let endings = ["_bucket", "_sum", "_count"];
        let family = endings.iter().find_map(|ending| series.strip_suffix(ending));
        let name = family.filter(|family| self.kinds.contains_key(*family)).unwrap_or(series);
        // No value of ours has a comma or an equals sign in quotes that would look like another label.
        let names = labels.split('}').next().unwrap().split(',').filter_map(|label| label.split_once("=\""));
        let names = names.map(|(label, _)| label.to_owned()).filter(|label| label != "le");
        self.labels.entry(name.to_owned()).or_default().extend(names);
    }
}

async fn told_by(world: &World, binary: Binary) -> Told {
    let url = format!("{}/metrics", world.system.service(binary).unwrap().url());
    Told::read(&world.request_to(Method::GET, &url, None).send().await.unwrap().text().await.unwrap())
}

#[tokio::test]
async fn what_is_measured_is_on_the_page_and_described() {
    let world = World::start().await;
    let (shopper, lamp) = (world.shopper().await, world.product(4990, 10).await);
    world.place(&shopper, &shopper.wants(&lamp, 1, "tok_visa"), None).await.is(201);
    let page = page();
    for binary in Binary::ALL {
        let wanted = || OF_ALL.iter().chain(of(binary));
        let all = async || {
            let told = told_by(&world, binary).await;
            wanted().all(|name| told.kinds.contains_key(*name))
        };
        let came = testbed::wait::until("all meters are there", IN_TIME, all).await;
        let told = told_by(&world, binary).await;
        let missing = wanted().filter(|name| !told.kinds.contains_key(**name)).collect::<Vec<_>>();
        assert!(came.is_ok(), "{binary:?} does not tell {missing:?}");
        for (name, kind) in &told.kinds {
            let (known, labels) = page.get(name).unwrap_or_else(|| panic!("{binary:?}: `{name}` is not on the page"));
            assert_eq!(kind, known, "{binary:?}: {name}");
            assert!(told.described.contains(name), "{binary:?}: `{name}` is not described");
            let its = told.labels.get(name).cloned().unwrap_or_default();
            assert_eq!(&its, labels, "{binary:?}: the labels of {name}");
        }
    }
}
