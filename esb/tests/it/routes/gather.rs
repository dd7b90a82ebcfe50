//! One document from several services.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chassis::settings::ClientLimits;
use esb::endpoint::gather::{Gathering, Part, Weight, gather};
use esb::endpoint::http_out::Proxy;
use esb::endpoint::message::Content;
use esb::messages::Traffic;
use esb::registry::Resolver;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::upstream::{Reply, Upstream};

const TIMEOUT: Duration = Duration::from_secs(1);

fn part(name: &str, path: &str, weight: Weight) -> Part {
    let pick = if name == "customer" { "" } else { "/items" };
    Part {
        name: name.to_owned(),
        service: "shop".to_owned(),
        path: path.to_owned(),
        pick: pick.to_owned(),
        timeout: TIMEOUT,
        weight,
    }
}

/// Asks for the overview of customer `7`.
async fn overview(upstream: &Upstream) -> (u16, Value) {
    let limits = ClientLimits { timeout_ms: 1000, connect_timeout_ms: 1000, idle_per_host: 4 };
    rustls_once(&limits);
    let proxy = Proxy::new(&limits, &Traffic::default()).unwrap();
    let resolver = Resolver::fixed(&BTreeMap::from([("shop".to_owned(), upstream.url.parse().unwrap())]));
    let parts = [
        part("customer", "/customers/{id}", Weight::Essential),
        part("orders", "/orders?customer_id={id}&limit=5", Weight::Additional),
        part("payments", "/payments?customer_id={id}", Weight::Additional),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in [("authorization", "Bearer x"), ("if-none-match", "\"1\""), ("content-length", "3")] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let gathering = Gathering { parts: &parts, headers, values: &[("id", "7&limit=9")], resolver: &resolver };
    let answer = gather(&proxy, &gathering).await.unwrap();
    let Content::Whole(body) = answer.content else { panic!("{:?}", answer.content) };
    (answer.status.as_u16(), serde_json::from_slice(&body).unwrap())
}

/// A client of ours chooses the implementation of TLS, as a process does at its start.
fn rustls_once(limits: &ClientLimits) {
    drop(chassis::Client::new(limits).unwrap());
}

fn behaving(orders: fn() -> Reply) -> Upstream {
    Upstream::start(move |seen| {
        std::future::ready(match seen.line.split(['/', '?', ' ']).nth(2).unwrap() {
            "customers" => Reply::Json(200, json!({"id": "7"})),
            "orders" => orders(),
            _ => Reply::Json(200, json!({"items": [{"id": "p"}], "next_cursor": null})),
        })
    })
}

#[actix_web::test]
async fn the_parts_come_together_in_one_document() {
    let upstream = behaving(|| Reply::Json(200, json!({"items": [1, 2]})));
    let (status, body) = overview(&upstream).await;
    let whole = json!({"customer": {"id": "7"}, "orders": [1, 2], "payments": [{"id": "p"}], "missing": []});
    assert_eq!((status, body), (200, whole));
    let mut lines = upstream.seen().into_iter().map(|seen| seen.line).collect::<Vec<_>>();
    lines.sort();
    let wanted = [
        "GET /customers/7%26limit=9",
        "GET /orders?customer_id=7%26limit=9&limit=5",
        "GET /payments?customer_id=7%26limit=9",
    ];
    assert_eq!(lines, wanted);
    for seen in upstream.seen() {
        assert_eq!(seen.header("authorization").as_deref(), Some("Bearer x"));
        assert_eq!((seen.header("if-none-match"), seen.header("content-length")), (None, None));
    }
}

#[actix_web::test]
async fn a_part_that_fails_is_missing_and_the_rest_is_there() {
    for trouble in [|| Reply::Json(500, json!({})), || Reply::Json(404, json!({})), || Reply::HangUp] {
        let (status, body) = overview(&behaving(trouble)).await;
        let rest = json!({"customer": {"id": "7"}, "payments": [{"id": "p"}], "missing": ["orders"]});
        assert_eq!((status, body), (200, rest));
    }
    let nonsense = behaving(|| Reply::With(200, vec![], "<html>".to_owned()));
    assert_eq!(overview(&nonsense).await.1["missing"], json!(["orders"]));
}

#[actix_web::test]
async fn nobody_waits_longer_than_for_the_slowest_part_allowed() {
    let slow = Upstream::start(async |_| {
        tokio::time::sleep(Duration::from_secs(30)).await;
        Reply::HangUp
    });
    let began = Instant::now();
    let (status, body) = overview(&slow).await;
    assert_eq!((status, body), (200, json!({"missing": ["customer", "orders", "payments"]})));
    assert!(began.elapsed() < TIMEOUT * 10, "all at once, each with its own patience: {:?}", began.elapsed());
}

#[actix_web::test]
async fn an_essential_part_says_no_to_the_whole() {
    for status in [401, 403, 404] {
        let problem = json!({"type": "urn:problem:x", "status": status});
        let upstream = Upstream::saying(status, problem.clone());
        assert_eq!(overview(&upstream).await, (status, problem));
    }
}
