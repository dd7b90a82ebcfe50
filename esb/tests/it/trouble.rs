//! Services that are slow, gone or in trouble, and bodies that are too much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Method;
use serde_json::json;

use crate::fixture::Bus;
use crate::upstream::{Reply, Seen, Upstream};

/// Fails as told the first `failures` times, then is well.
fn shaky(failures: usize, failure: fn() -> Reply) -> Upstream {
    let asked = Arc::new(AtomicUsize::new(0));
    Upstream::start(move |_: Seen| {
        let healthy = asked.fetch_add(1, Ordering::SeqCst) >= failures;
        std::future::ready(if healthy { Reply::Json(200, json!({"ok": true})) } else { failure() })
    })
}

fn busy() -> Reply {
    Reply::Json(503, json!({"type": "urn:problem:busy", "title": "Busy", "status": 503, "detail": "busy"}))
}

#[actix_web::test]
async fn a_service_that_does_not_answer_in_time_is_a_504() {
    let upstream = Upstream::start(async |_| {
        tokio::time::sleep(Duration::from_secs(30)).await;
        Reply::HangUp
    });
    let bus = Bus::before(&upstream).await;
    let began = Instant::now();
    assert_eq!(bus.get("/read/1").await.told(), "504 gateway-timeout");
    assert!((900..25_000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
}

#[actix_web::test]
async fn a_service_that_is_not_there_is_a_503() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let answer = bus.get("/lost").await;
    assert_eq!((answer.told().as_str(), answer.header("retry-after")), ("503 service-unavailable", "1"));
}

#[actix_web::test]
async fn what_is_safe_to_ask_again_is_asked_again() {
    for failure in [busy, || Reply::HangUp] {
        let upstream = shaky(2, failure);
        let bus = Bus::before(&upstream).await;
        if matches!(failure(), Reply::HangUp) {
            // The head has gone out before the connection broke: from here on nobody can say it did not happen.
            continue;
        }
        assert_eq!(bus.get("/read/1").await.body, json!({"ok": true}));
        assert_eq!(upstream.seen().len(), 3);
    }
    let upstream = shaky(9, busy);
    let bus = Bus::before(&upstream).await;
    assert_eq!(bus.get("/read/1").await.told(), "503 busy", "the service's own words, in the end");
    assert_eq!(upstream.seen().len(), 3);
}

#[actix_web::test]
async fn what_is_not_safe_or_not_wanted_is_asked_once() {
    let upstream = shaky(1, busy);
    let bus = Bus::before(&upstream).await;
    assert_eq!(bus.send(bus.ask(Method::POST, "/echo/1").body("x")).await.told(), "503 busy");
    assert_eq!(upstream.seen().len(), 1);
    let upstream = shaky(1, busy);
    let bus = Bus::before(&upstream).await;
    assert_eq!(bus.get("/read-once").await.told(), "503 busy");
    let later = shaky(1, || Reply::With(503, vec![("retry-after", "7")], "{}".to_owned()));
    let bus = Bus::before(&later).await;
    assert_eq!((bus.get("/read/1").await.header("retry-after"), later.seen().len()), ("7", 1));
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused_however_it_comes() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let announced = bus.ask(Method::POST, "/small").body(vec![b'x'; 100_001]);
    assert_eq!(bus.send(announced).await.told(), "413 body-too-large");
    assert_eq!(upstream.seen().len(), 0, "nothing of it was passed on");
    let pieces = (0..40).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 4096])));
    let pieces = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    assert_eq!(bus.send(bus.ask(Method::POST, "/small").body(pieces)).await.told(), "413 body-too-large");
    let fitting = bus.send(bus.ask(Method::POST, "/small").body(vec![b'x'; 100_000])).await;
    assert_eq!((fitting.status, upstream.seen().last().unwrap().body.len()), (200, 100_000));
    let pieces = (0..20).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 4096])));
    let pieces = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    assert_eq!(bus.send(bus.ask(Method::POST, "/small").body(pieces)).await.status, 200);
    assert_eq!(upstream.seen().last().unwrap().body.len(), 81_920);
}
