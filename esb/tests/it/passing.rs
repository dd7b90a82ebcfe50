//! Requests and answers pass the bus as they are, but for what belongs to one connection and what only the bus may say.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::fixture::Bus;
use crate::upstream::{Reply, Upstream};

#[actix_web::test]
async fn a_request_arrives_as_it_was_sent() {
    let upstream = Upstream::saying(201, json!({"ok": true}));
    let bus = Bus::before(&upstream).await;
    let request =
        bus.ask(Method::POST, "/echo/a%20b?x=1&y=%2F").header("authorization", "Basic YTpi").body("{\"a\": 1}");
    let answer = bus.send(request.header("if-match", "\"3\"").header("content-type", "application/json")).await;
    assert_eq!((answer.status, &answer.body), (201, &json!({"ok": true})));
    let seen = upstream.seen().remove(0);
    assert_eq!(seen.line, "POST /upstream/a%20b/echo?x=1&y=%2F");
    assert_eq!(seen.body, "{\"a\": 1}");
    let headers =
        ["authorization", "if-match", "content-type", "content-length"].map(|name| seen.header(name).unwrap());
    assert_eq!(headers, ["Basic YTpi", "\"3\"", "application/json", "8"]);
    assert_eq!(seen.header("host").unwrap(), upstream.url.trim_start_matches("http://"));
}

#[actix_web::test]
async fn what_belongs_to_one_connection_stays_there() {
    let upstream = Upstream::saying(200, json!({}));
    let bus = Bus::before(&upstream).await;
    let request = bus.ask(Method::POST, "/echo/1").header("connection", "x-secret, authorization, keep-alive");
    let request = request.header("x-secret", "1").header("te", "trailers").header("proxy-authorization", "Basic eDp5");
    let answer = bus.send(request.header("upgrade", "h2c").header("authorization", "Basic YTpi")).await;
    assert_eq!(answer.status, 200);
    let seen = upstream.seen().remove(0);
    for name in ["x-secret", "te", "proxy-authorization", "upgrade"] {
        assert_eq!(seen.header(name), None, "{name}");
    }
    assert_eq!(seen.header("authorization").unwrap(), "Basic YTpi", "nobody can have it dropped by naming it");
}

#[actix_web::test]
async fn what_belongs_to_the_services_connection_stays_there() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bus = Bus::with(&[url.clone(), url.clone(), url], Vec::new()).await;
    let lines = ["connection: x-private, close", "x-private: 1", "keep-alive: timeout=5", "etag: \"7\"", "server: x/1"];
    let answer = format!("HTTP/1.1 200 OK\r\n{}\r\ncontent-length: 2\r\n\r\n{{}}", lines.join("\r\n"));
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let answer = bus.get("/read/1").await;
    let headers = ["etag", "x-private", "keep-alive", "server"].map(|name| answer.header(name));
    assert_eq!((headers, answer.text.as_str()), (["\"7\"", "", "", ""], "{}"));
}

#[actix_web::test]
async fn only_trusted_proxies_speak_for_others() {
    let upstream = Upstream::saying(200, json!({}));
    let trusting = Bus::before(&upstream).await;
    let alone = Bus::changed(&upstream, vec![("PROXY__TRUSTED", "10.0.0.0/8".to_owned())]).await;
    let spoofed = [
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "shop.example"),
        ("x-forwarded-prefix", "/api"),
        ("x-forwarded-user", "root"),
        ("x-real-ip", "198.51.100.1"),
        ("forwarded", "for=198.51.100.1"),
        ("x-user-id", "1"),
    ];
    for bus in [&trusting, &alone] {
        let request = spoofed
            .iter()
            .fold(bus.ask(Method::GET, "/read/1"), |request, (name, value)| request.header(*name, *value));
        assert_eq!(bus.send(request).await.status, 200);
    }
    let told = |place: usize| {
        let seen = upstream.seen().remove(place);
        spoofed.map(|(name, _)| seen.header(name).unwrap_or_default())
    };
    assert_eq!(told(0), ["198.51.100.1, 127.0.0.1", "https", "shop.example", "/api", "", "", "", ""]);
    assert_eq!(told(1), ["127.0.0.1", "http", alone.address(), "", "", "", "", ""]);
}

#[actix_web::test]
async fn a_request_keeps_its_identity_all_the_way() {
    let upstream = Upstream::start(async |seen| {
        let id = seen.header("x-request-id").unwrap();
        Reply::Json(404, json!({"type": "urn:problem:x", "title": "X", "status": 404, "detail": "x", "instance": id}))
    });
    let bus = Bus::before(&upstream).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = bus
        .send(bus.ask(Method::GET, "/read/1").header("x-request-id", "checkout-17").header("traceparent", trace))
        .await;
    assert_eq!((answer.header("x-request-id"), &answer.body["instance"]), ("checkout-17", &json!("checkout-17")));
    let parent = upstream.seen().remove(0).header("traceparent").unwrap();
    assert!(parent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && parent != trace);
    let anew = bus.send(bus.ask(Method::GET, "/read/1").header("x-request-id", "a b")).await;
    assert_eq!(anew.body["instance"], anew.header("x-request-id"));
    assert!(!anew.header("x-request-id").contains(' '));
}

#[actix_web::test]
async fn an_answer_arrives_as_it_was_given() {
    let upstream = Upstream::start(async |seen| {
        let headers = vec![
            ("location", "http://10.0.0.7:8002/orders/1?x=2"),
            ("set-cookie", "a=1; Path=/auth"),
            ("set-cookie", "b=2"),
            ("cache-control", "max-age=300"),
            ("content-type", "application/json"),
        ];
        let body = if seen.line.contains("/big") { "x".repeat(300_000) } else { "{\"b\":1, \"a\":2}".to_owned() };
        Reply::With(202, headers, body)
    });
    let bus = Bus::before(&upstream).await;
    let answer = bus.get("/read/small").await;
    assert_eq!((answer.status, answer.text.as_str()), (202, "{\"b\":1, \"a\":2}"));
    assert_eq!((answer.header("location"), answer.header("cache-control")), ("/orders/1?x=2", "max-age=300"));
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    let big = bus.get("/read/big").await;
    assert_eq!((big.text.len(), big.header("content-length")), (300_000, "300000"));
    let head = bus.send(bus.ask(Method::HEAD, "/read/big")).await;
    assert_eq!((head.status, head.text.as_str(), head.header("content-length")), (202, "", "300000"));
    assert_eq!(bus.get("/read/small").await.status, 202, "the connection is still good");
}
