//! The door: identity, limits, safe headers, descriptions, shutdown.

use std::time::Duration;

use crate::fixture::{Server, answer};

#[actix_web::test]
async fn every_answer_names_its_request() {
    let server = Server::start();
    let request = server.http.get(server.url("/nowhere")).header("x-request-id", "checkout-17");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "checkout-17");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let (status, name, problem) = answer(response).await;
    assert_eq!((status, name.as_str(), &problem["instance"]), (404, "not-found", &"checkout-17".into()));
}

#[actix_web::test]
async fn an_id_that_could_do_harm_is_replaced() {
    let server = Server::start();
    let request = server.http.get(server.url("/nowhere")).header("x-request-id", "a".repeat(10_000));
    let response = request.send().await.unwrap();
    assert!(response.headers()["x-request-id"].len() < 64);
}

#[actix_web::test]
async fn the_wrong_method_is_told_the_right_one() {
    let server = Server::start();
    for path in ["/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs"] {
        let refused = server.http.post(server.url(path)).send().await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["allow"]),
            (405, &"GET, HEAD".parse().unwrap()),
            "{path}"
        );
        assert_eq!(answer(refused).await.1, "method-not-allowed", "{path}");
    }
}

#[actix_web::test]
async fn a_head_alone_is_told_as_with_the_body() {
    let server = Server::start();
    for path in ["/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs"] {
        let whole = server.http.get(server.url(path)).send().await.unwrap();
        let head = server.http.head(server.url(path)).send().await.unwrap();
        assert_eq!(head.status(), whole.status(), "{path}");
        assert_eq!(head.headers().get("content-type"), whole.headers().get("content-type"), "{path}");
        assert_eq!(head.bytes().await.unwrap().len(), 0, "{path}");
    }
}

#[actix_web::test]
async fn too_much_of_a_head_is_refused() {
    let server = Server::start();
    let long = server.url(&format!("/{}", "a".repeat(9000)));
    assert_eq!(server.http.get(long).send().await.unwrap().status(), 414);
    let heavy = server.http.get(server.url("/")).header("x-load", "a".repeat(17_000));
    assert_eq!(heavy.send().await.unwrap().status(), 431);
}

#[actix_web::test]
async fn it_describes_itself() {
    let server = Server::start();
    let get = async |path: &str| server.http.get(server.url(path)).send().await.unwrap();
    assert_eq!(get("/health/live").await.status(), 200);
    assert_eq!(get("/health/ready").await.status(), 200);
    assert_eq!(get("/docs").await.status(), 302);
    assert!(get("/docs/").await.text().await.unwrap().contains("swagger-ui"));
    assert_eq!(get("/openapi.json").await.json::<serde_json::Value>().await.unwrap()["openapi"], "3.1.0");
    let metrics = get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains("http_requests_total{") && metrics.contains("http_request_seconds_bucket{"), "{metrics}");
    // Nothing has failed yet, which is a number, too.
    assert!(metrics.contains("outbox_failed_total 0\n"), "{metrics}");
}

#[actix_web::test]
async fn a_slow_body_is_dropped() {
    let server = Server::start();
    let never = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let body = reqwest::Body::wrap_stream(never);
    let (status, name, _) =
        tokio::time::timeout(Duration::from_secs(10), server.post("application/json", body)).await.unwrap();
    assert_eq!((status, name.as_str()), (408, "body-too-slow"));
}
