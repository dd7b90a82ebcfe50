//! 100,000 dead letters: how fast they are drained and searched, whether a replay keeps its rate, and what it takes of
//! memory. The ceiling here is the wish itself: 200 ms, 5 %, flat.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use reqwest::Client;
use serde_json::{Value, json};
use testbed::binary::Binary;
use testbed::engine::Durability;
use testbed::process::Bond;
use testbed::{Engines, Sites, System};

use crate::say;

const LETTERS: usize = 100_000;
const IN_FLIGHT: usize = 1_000;
const SEARCHES: usize = 100;
/// A rate that a small machine can do: whether it is kept. The rest then goes as fast as it can.
const PER_SECOND: u32 = 500;
/// A fifth of them, by when they failed.
const FIRST_FIFTH: &str = "2026-01-01T05:33:20Z";
const QUEUE: &str = "bench-found";
const DRAINED_WITHIN: Duration = Duration::from_mins(10);

/// What an operator asks for: the label, and the query.
const QUERIES: [(&str, &str); 7] = [
    ("newest", ""),
    ("by state and reason", "&state=waiting&reason=retries-exhausted"),
    ("by route", "&route=route-7"),
    ("by time", "&from=2026-01-01T00:10:00Z&to=2026-01-01T00:20:00Z"),
    ("text, rare", "&text=customer-77777@"),
    ("text, in all", "&text=example.org"),
    ("text, in none", "&text=nowhere-to-be-found"),
];

/// A desk to measure at.
struct Desk {
    http: Client,
    url: String,
    token: String,
    pid: u32,
}

/// Starts a system, fills it with dead letters, and prints what it does with them.
pub(crate) async fn run() -> Result<()> {
    let folder = testbed::shared::repository().join(".local").join("bench");
    let engines = Engines::open(&Sites::open(&folder, Durability::Power).await?, Bond::Starter);
    engines.start_missing().await?;
    let outcome = measure(&engines.sites()).await;
    engines.discard().await?;
    outcome
}

async fn measure(sites: &Sites) -> Result<()> {
    let vhost = sites.new_amqp_vhost("bench").await?;
    let system = System::builder().on(sites).env(Binary::Esb, "ESB__LOG__FILTER", "warn");
    let system = system.env(Binary::Esb, "ESB__BROKER__URL", &vhost.url).start().await?;
    let desk = Desk::at(&system).await?;
    let connection = Connection::connect(&vhost.url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    channel.queue_declare(QUEUE.into(), QueueDeclareOptions::durable(), quorum()).await?;
    let direct = ("dead_letters", "dead_letters");
    channel.queue_declare(direct.0.into(), QueueDeclareOptions::durable(), quorum()).await?;
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    channel.queue_bind(direct.0.into(), direct.0.into(), direct.1.into(), options, none).await?;
    drained(&desk, &channel).await?;
    searched(&desk).await?;
    replayed(&desk).await
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments
}

async fn drained(desk: &Desk, channel: &Channel) -> Result<()> {
    say::line(&format!("publishing and draining {LETTERS} dead letters …"));
    let begun = Instant::now();
    let mut confirms = std::collections::VecDeque::new();
    for number in 0..LETTERS {
        let (properties, body) = letter(number);
        let options = BasicPublishOptions::default();
        let (exchange, key) = ("dead_letters".into(), "dead_letters".into());
        confirms.push_back(channel.basic_publish(exchange, key, options, &body, properties).await?);
        if confirms.len() >= IN_FLIGHT
            && let Some(oldest) = confirms.pop_front()
        {
            oldest.await?;
        }
    }
    for confirm in confirms {
        confirm.await?;
    }
    let published = begun.elapsed();
    while desk.waiting().await? < i64::try_from(LETTERS)? {
        ensure!(begun.elapsed() < DRAINED_WITHIN, "the dead letters are not drained within {DRAINED_WITHIN:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let each = |time: Duration| f64::from(u32::try_from(LETTERS).unwrap_or(u32::MAX)) / time.as_secs_f64();
    say::line(&format!("published {:.0}/s, drained {:.0}/s", each(published), each(begun.elapsed())));
    Ok(())
}

fn letter(number: usize) -> (BasicProperties, Vec<u8>) {
    let reason = if number.is_multiple_of(3) { "retries-exhausted" } else { "schema-violation" };
    let at = format!("2026-01-01T{:02}:{:02}:{:02}Z", number / 3600 % 24, number / 60 % 60, number % 60);
    let texts = [
        ("x-dead-id", format!("bench-{number}")),
        ("x-dead-reason", reason.to_owned()),
        ("x-dead-detail", "503 from order-service".to_owned()),
        ("x-dead-route", format!("route-{}", number % 20)),
        ("x-dead-exchange", String::new()),
        ("x-dead-routing-key", QUEUE.to_owned()),
        ("x-dead-first-at", at.clone()),
        ("x-dead-last-at", at),
    ];
    let mut headers = FieldTable::default();
    for (name, text) in texts {
        headers.insert(name.into(), AMQPValue::LongString(text.into()));
    }
    let id = format!("bench-message-{number}");
    let properties = BasicProperties::default().with_headers(headers).with_message_id(id.into()).with_delivery_mode(2);
    let body = json!({
        "customer": format!("customer-{number}@example.org"),
        "items": [{"sku": format!("SKU-{}", number % 977), "quantity": number % 9 + 1}],
        "note": "please leave it with the neighbours, who are at home most of the day",
    });
    (properties, body.to_string().into_bytes())
}

async fn searched(desk: &Desk) -> Result<()> {
    say::line("\n| search | p50 ms | p99 ms |");
    say::line("|---|---|---|");
    for (label, query) in QUERIES {
        let path = format!("/esb/dead-letters?limit=20{query}");
        let mut times = Vec::with_capacity(SEARCHES);
        for _ in 0..SEARCHES {
            let begun = Instant::now();
            desk.get(&path).await?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let at = |percent: usize| times.get(SEARCHES * percent / 100).map_or(0.0, Duration::as_secs_f64) * 1000.0;
        say::line(&format!("| {label} | {:.1} | {:.1} |", at(50), at(99)));
    }
    Ok(())
}

async fn replayed(desk: &Desk) -> Result<()> {
    let before = desk.memory()?;
    let (count, rate, paced) =
        replay(desk, &json!({"selection": {"to": FIRST_FIFTH}, "per_second": PER_SECOND})).await?;
    let off = (rate / f64::from(PER_SECOND) - 1.0) * 100.0;
    say::line(&format!("\nreplayed {count}: {rate:.0}/s where {PER_SECOND}/s were asked for ({off:+.1} %)"));
    let (count, rate, unpaced) = replay(desk, &json!({"selection": {}, "batches": [LETTERS]})).await?;
    say::line(&format!("replayed {count} as fast as it goes: {rate:.0}/s"));
    let most = paced.max(unpaced);
    say::line(&format!("memory of the ESB: {} MiB before, {} MiB at most meanwhile", before / 1024, most / 1024));
    Ok(())
}

/// How many were replayed, how many a second, and the ESB's memory at most, in KiB.
async fn replay(desk: &Desk, body: &Value) -> Result<(u64, f64, u64)> {
    let begun = Instant::now();
    let started = desk.post("/esb/replays", body).await?;
    let id = started.get("id").and_then(Value::as_str).context("no replay")?.to_owned();
    let mut most = 0;
    let job = loop {
        let job = desk.get(&format!("/esb/replays/{id}")).await?;
        most = most.max(desk.memory()?);
        if job.get("state").and_then(Value::as_str) != Some("running") {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let count = job.get("replayed").and_then(Value::as_u64).context("no count")?;
    Ok((count, f64::from(u32::try_from(count)?) / begun.elapsed().as_secs_f64(), most))
}

impl Desk {
    async fn at(system: &System) -> Result<Self> {
        let http = testbed::http::client()?;
        let login = json!({"email": system.operator.email, "password": system.operator.password});
        let request = http.post(format!("{}/auth/login", system.esb_url)).json(&login);
        let session: Value = request.send().await?.error_for_status()?.json().await?;
        let token = session.get("access_token").and_then(Value::as_str).context("no token")?.to_owned();
        let pid = system.service(Binary::Esb)?.identity().context("the ESB has no pid")?.pid.try_into()?;
        Ok(Self { http, url: system.esb_url.clone(), token, pid })
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    async fn waiting(&self) -> Result<i64> {
        let summary = self.get("/esb/dead-letters/summary").await?;
        let groups = summary.get("groups").and_then(Value::as_array).context("no groups")?;
        Ok(groups.iter().filter_map(|group| group.get("count")?.as_i64()).sum())
    }

    /// What it has in memory, in KiB: `VmRSS` of `/proc/<pid>/status`.
    fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}
