//! How much passes, how fast and how well.

use std::sync::Arc;

use chassis::Clock;
use chrono::TimeDelta;
use contracts::{Customer, Id};
use serde_json::{Value, json};
use testbed::Issuer;

use crate::fixture::{Answer, Bus, until};
use crate::upstream::{Reply, Upstream};

/// A bus whose time passes when the test says so, before an upstream that refuses `/upstream/no`.
async fn bus(clock: &Clock) -> Bus {
    let upstream = Upstream::start(async |seen| match seen.line.as_str() {
        "GET /upstream/no" => Reply::Json(404, json!({"type": "urn:problem:not-found", "status": 404})),
        _ => Reply::Json(200, json!({})),
    });
    let urls = [&upstream.url; 3].map(Clone::clone);
    Bus::timed(Arc::new(Issuer::start().await), &urls, Vec::new(), clock.clone()).await
}

async fn traffic(bus: &Bus, query: &str) -> Answer {
    bus.get_as(&bus.issuer.operator(), &format!("/esb/traffic{query}")).await
}

fn series<'a>(traffic: &'a Answer, kind: &str, name: &str) -> &'a Value {
    let all = traffic.body[kind].as_array().unwrap();
    all.iter().find(|series| series["name"] == name).unwrap_or_else(|| panic!("no {name}: {}", traffic.text))
}

#[actix_web::test]
async fn what_passed_is_told_once_its_step_is_over() {
    let clock = Clock::frozen(Clock::real().now());
    let bus = bus(&clock).await;
    for (path, status) in [("/read/1", 200), ("/read/2", 200), ("/read/no", 404), ("/lost", 503)] {
        assert_eq!(bus.get(path).await.status, status);
    }
    let last = |series: &Value, of: &str| series[of].as_array().unwrap().last().cloned();
    let early = traffic(&bus, "").await;
    assert_eq!(last(series(&early, "routes", "read"), "requests"), Some(json!(0)));
    clock.advance(TimeDelta::seconds(5));
    let told = traffic(&bus, "?seconds=60").await;
    assert_eq!((told.status, &told.body["step_seconds"]), (200, &json!(5)));
    let read = series(&told, "routes", "read");
    let counts = ["requests", "refused", "failed"].map(|of| last(read, of).unwrap());
    assert_eq!((counts, read["requests"].as_array().unwrap().len()), ([json!(3), json!(1), json!(0)], 12));
    assert!(last(read, "p50_ms").unwrap().as_f64().unwrap() > 0.0 && read["p99_ms"][0].is_null(), "{read}");
    assert_eq!(last(series(&told, "routes", "lost"), "failed"), Some(json!(1)));
    assert_eq!(last(series(&told, "services", "order-service"), "requests"), Some(json!(3)));
    assert_eq!(last(series(&told, "services", "lost-service"), "failed"), Some(json!(1)));
    let day = traffic(&bus, "?seconds=86400").await;
    assert_eq!(
        (&day.body["step_seconds"], series(&day, "routes", "read")["p50_ms"].as_array().unwrap().len()),
        (&json!(60), 1440)
    );
}

#[actix_web::test]
async fn what_is_in_use_is_seen_within_its_limits() {
    let bus = bus(&Clock::real()).await;
    let seen = async || {
        let told = traffic(&bus, "?seconds=3600").await;
        let all = told.body["saturation"].as_array().unwrap().clone();
        let is_seen = |usage: &Value| usage["used"].as_array().unwrap().iter().any(|used| !used.is_null());
        assert!(all.iter().all(|usage| usage["used"].as_array().unwrap().len() == 720));
        all.iter().map(|usage| (usage["name"].clone(), usage["limit"].as_u64(), is_seen(usage))).collect::<Vec<_>>()
    };
    let wanted = [("database", 6), ("sagas", 256), ("streams", 10_000)];
    let wanted = wanted.map(|(name, limit)| (json!(name), Some(limit), true));
    until("all are looked at", async || seen().await == wanted).await;
}

#[actix_web::test]
async fn it_is_for_operators_who_ask_for_what_there_is() {
    let bus = bus(&Clock::real()).await;
    let customer = bus.issuer.customer(Id::<Customer>::mint());
    for path in ["/esb/traffic", "/esb/map", "/esb/queues"] {
        assert_eq!(bus.get(path).await.told(), "401 authentication-required");
        assert_eq!(bus.get_as(&customer, path).await.told(), "403 forbidden");
    }
    for query in ["?seconds=59", "?seconds=86401", "?seconds=x", "?second=60"] {
        assert_eq!(traffic(&bus, query).await.told(), "422 invalid-query", "{query}");
    }
    assert_eq!(bus.get_as(&bus.issuer.operator(), "/esb/queues").await.told(), "503 broker-unavailable");
}

#[actix_web::test]
async fn services_say_what_they_need() {
    let health = json!({"status": "down", "checks": {"mysql": "down", "keys": "up"}});
    let upstream = Upstream::start(move |seen| {
        let status = if seen.line == "GET /health/ready" { 503 } else { 200 };
        std::future::ready(Reply::Json(status, health.clone()))
    });
    let bus = Bus::before(&upstream).await;
    let services = bus.get_as(&bus.issuer.operator(), "/esb/services").await;
    let orders =
        services.body["items"].as_array().unwrap().iter().find(|item| item["name"] == "order-service").unwrap();
    let checks = json!([{"name": "keys", "healthy": true}, {"name": "mysql", "healthy": false}]);
    assert_eq!((&orders["healthy"], &orders["checks"]), (&json!(false), &checks));
    assert!(orders["latency_ms"].as_f64().unwrap() > 0.0);
    let lost = services.body["items"].as_array().unwrap().iter().find(|item| item["name"] == "lost-service").unwrap();
    assert!(lost.get("latency_ms").is_none() && lost.get("checks").is_none(), "{lost}");
    let xml = bus.ask(reqwest::Method::GET, "/esb/services").bearer_auth(bus.issuer.operator());
    let xml = bus.send(xml.header("accept", "application/xml")).await;
    assert!(xml.status == 200 && xml.text.contains("<name>mysql</name>"), "{}", xml.text);
    assert!(xml.text.contains("<latency_ms>"), "{}", xml.text);
}
