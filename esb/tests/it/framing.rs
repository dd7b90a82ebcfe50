//! Over a bare connection: requests whose end is disputable are refused, and the slow are not waited for.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixture::Bus;
use crate::upstream::Upstream;

/// What comes back until the other side closes.
async fn say(bus: &Bus, text: &str) -> String {
    let mut stream = TcpStream::connect(bus.address()).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(8), stream.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    assert!(read.is_ok(), "the connection stays open after: {text}");
    text
}

#[actix_web::test]
async fn ambiguous_framing_is_refused_and_the_connection_closed() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    let heads = [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
        "content-length: 5\r\ncontent-length: 6",
        "content-length: 5\r\ncontent-length: 5",
        "content-length: 5, 5",
        "content-length: +5",
        "content-length: 0x5",
        "content-length: -1",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: identity, chunked",
        "transfer-encoding : chunked",
        "transfer-encoding:\r\n chunked",
        "x: y\r\n folded: z\r\ncontent-length: 5",
    ];
    for head in heads {
        let answer = say(&bus, &format!("POST /echo/1 HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n0\r\n\r\n{smuggled}")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{head:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{head:?}: {answer}");
    }
    assert_eq!(upstream.seen().len(), 0);
}

#[actix_web::test]
async fn broken_chunks_never_become_a_whole_body() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let broken = [
        "Z\r\n",
        "zz\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "5\r\nhello\r\nzz\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x2\r\nhe\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhe\r\n0\r\n\r\n",
        "2\nhe\r\n0\r\n\r\n",
    ];
    for chunks in broken {
        for path in ["/echo/1", "/small"] {
            let text = format!("POST {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
            let answer = say(&bus, &text).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{path} {chunks:?}: {answer}");
            assert!(answer.contains("urn:problem:broken-body"), "{path} {chunks:?}: {answer}");
        }
    }
    assert_eq!(upstream.seen().len(), 0, "nothing that broke off was taken for a request");
}

#[actix_web::test]
async fn headers_and_addresses_have_limits() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let long = "a".repeat(9_000);
    let answer =
        say(&bus, &format!("GET /products?query={long} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 414"), "{answer}");
    let large = format!("x-a: {long}\r\nx-b: {long}");
    let answer = say(&bus, &format!("GET /products HTTP/1.1\r\nhost: x\r\n{large}\r\nconnection: close\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[actix_web::test]
async fn the_slow_are_not_waited_for() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::changed(&upstream, vec![("HTTP__READ_TIMEOUT_MS", "500".to_owned())]).await;
    let began = Instant::now();
    let head = say(&bus, "GET /products HTTP/1.1\r\nhost: ").await;
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    for framing in ["content-length: 20", "content-length: 90000", "transfer-encoding: chunked"] {
        let body = say(&bus, &format!("POST /echo/1 HTTP/1.1\r\nhost: x\r\n{framing}\r\n\r\n5\r\nhel")).await;
        assert!(body.starts_with("HTTP/1.1 408"), "{framing}: {body}");
    }
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(upstream.seen().iter().all(|seen| !seen.line.contains("products")));
}

#[actix_web::test]
async fn no_path_leads_out_of_its_route() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    for path in ["/read/..", "/read/%2e%2e", "/read/a%2f..%2fb", "/read/..%5cb", "/read/a/../../metrics", "/read/%00"] {
        let answer = say(&bus, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    assert_eq!(upstream.seen().len(), 0);
}
