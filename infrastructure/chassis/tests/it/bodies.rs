//! Bodies: each mistake has its status, and says where it is.

use crate::fixture::Server;

const JSON: &str = "application/json";

#[actix_web::test]
async fn a_good_body_passes() {
    let body = r#"{"name":"Ünïcode 漢 😀","prices":[{"amount":9007199254740991,"currency":"EUR"}]}"#;
    let (status, _, echoed) = Server::start().post(JSON, body).await;
    assert_eq!(status, 200);
    assert_eq!(echoed, serde_json::from_str::<serde_json::Value>(body).unwrap());
}

#[actix_web::test]
async fn what_can_not_be_parsed_is_400_with_its_place() {
    let server = Server::start();
    for body in
        ["", "{", "{\"name\":}", "[1,]", "nonsense", "{\"name\":\"a\",\"prices\":[]} x", "{\"name\":\"\\ud800\"}"]
    {
        let (status, name, problem) = server.post(JSON, body).await;
        assert_eq!((status, name.as_str()), (400, "malformed-body"), "{body}");
        assert!(problem["detail"].as_str().unwrap().contains("line 1"), "{problem}");
    }
}

#[actix_web::test]
async fn what_breaks_the_schema_is_422_with_a_pointer() {
    let server = Server::start();
    let price = r#"{"amount":1,"currency":"EUR"}"#;
    for (body, pointer) in [
        (r#"{"name":"a","prices":[{"amount":-1,"currency":"EUR"}]}"#.to_owned(), "/prices/0/amount"),
        (r#"{"name":"a","prices":[{"amount":1.5,"currency":"EUR"}]}"#.to_owned(), "/prices/0/amount"),
        (r#"{"name":"a","prices":[{"amount":1,"currency":"EURO"}]}"#.to_owned(), "/prices/0/currency"),
        (format!(r#"{{"name":7,"prices":[{price}]}}"#), "/name"),
        (format!(r#"{{"name":"a","nmae":"b","prices":[{price}]}}"#), "/nmae"),
        (r#"{"name":"a","name":"b","prices":[]}"#.to_owned(), "/name"),
        (r#"{"prices":[]}"#.to_owned(), "/name"),
        (r#"{"name":"a","prices":[{"amount":1}]}"#.to_owned(), "/prices/0/currency"),
        (r#"{"name":"a","prices":[[1999,"EUR"]]}"#.to_owned(), "/prices/0"),
        (r#"["a",[]]"#.to_owned(), ""),
        ("[]".to_owned(), ""),
    ] {
        let (status, name, problem) = server.post(JSON, body.clone()).await;
        assert_eq!((status, name.as_str()), (422, "invalid-request"), "{body}: {problem}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(!["struct", "enum", "expected", "u64", "i64"].iter().any(|inner| detail.contains(inner)), "{problem}");
    }
}

#[actix_web::test]
async fn text_that_no_field_may_hold_is_422() {
    let server = Server::start();
    let price = r#"{"amount":4111111111111111,"currency":"EUR"}"#;
    for text in ["4111 1111 1111 1111", "\\u0000", "a\\bb", "\\uffff", "\u{fffe}"] {
        let (status, _, problem) = server.post(JSON, format!(r#"{{"name":"{text}","prices":[{price}]}}"#)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/name".into()), "{text}: {problem}");
    }
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let (status, ..) = server.post(JSON, format!(r#"{{"name":"{id}\u00e4","prices":[{price}]}}"#)).await;
    assert_eq!(status, 200);
}

#[actix_web::test]
async fn other_formats_sizes_and_encodings_are_refused() {
    let server = Server::start();
    assert_eq!(server.post("text/plain", "{}").await.0, 415);
    let (status, name, _) = server.post(JSON, " ".repeat((1 << 16) + 1)).await;
    assert_eq!((status, name.as_str()), (413, "body-too-large"));
    let request = server.http.post(server.url("/parcels")).header("content-encoding", "gzip").body("{}");
    assert_eq!(request.send().await.unwrap().status(), 415);
}

#[actix_web::test]
async fn unknown_query_parameters_are_refused() {
    let server = Server::start();
    assert_eq!(server.get("/pages?limit=5", "").await.0, 200);
    let known = "is not a parameter of this; known are: `limit`, `cursor`";
    for (query, pointer, detail) in [
        ("limt=5", "/limt", known),
        ("limit=five", "/limit", "must be a whole number"),
        ("limit=5&limit=6", "/limit", "is there more than once"),
        ("cursor=%00", "/cursor", "has a control character, which is not allowed in text"),
    ] {
        let (status, name, problem) = server.get(&format!("/pages?{query}"), "").await;
        assert_eq!((status, name.as_str()), (422, "invalid-query"), "{problem}");
        assert_eq!(problem["errors"], serde_json::json!([{"pointer": pointer, "detail": detail}]), "{problem}");
    }
}
