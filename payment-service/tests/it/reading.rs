//! Looking at payments, their logs, and the bank's side.

use contracts::{Customer, Id, Payment};
use serde_json::{Value, json};

use crate::fixture::{App, euro, payment, payment_of};

/// Every item of a list, page by page.
async fn all(app: &App, path: &str, token: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = app.get(&format!("{path}limit={limit}{cursor}"), token).await;
        let page: Vec<Value> = reply.items();
        assert!(page.len() <= limit, "{reply:?}");
        items.extend(page);
        match reply.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn paid_by(app: &App, customer: Id<Customer>) -> String {
    let id = Id::<Payment>::mint();
    assert_eq!(app.charge(id, &payment_of(customer, Id::mint(), "tok_visa", 100)).await.status, 201);
    id.to_string()
}

#[tokio::test]
async fn lists_are_newest_first_and_each_sees_what_is_theirs() {
    let app = App::start().await;
    let (ada, bob) = (Id::mint(), Id::mint());
    let (mut of_ada, mut of_all) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        of_ada.insert(0, paid_by(&app, ada).await);
        of_all.insert(0, of_ada[0].clone());
        of_all.insert(0, paid_by(&app, bob).await);
    }
    let own = app.issuer.customer(ada);
    assert_eq!(ids(&all(&app, "/payments?", &own, 2).await), of_ada);
    assert_eq!(ids(&all(&app, &format!("/payments?customer_id={ada}&"), &own, 1).await), of_ada);
    assert!(all(&app, &format!("/payments?customer_id={bob}&"), &own, 1).await.is_empty());
    for token in [app.issuer.operator(), app.issuer.client("shop", &["orders:place"])] {
        for limit in [1, 4, 6, 100] {
            assert_eq!(ids(&all(&app, "/payments?", &token, limit).await), of_all);
        }
        assert_eq!(ids(&all(&app, &format!("/payments?customer_id={ada}&"), &token, 2).await), of_ada);
    }
    let order = app.payment(of_ada[1].parse().unwrap()).await.order_id;
    assert_eq!(ids(&all(&app, &format!("/payments?order_id={order}&"), &own, 5).await), of_ada[1..2]);
    let other = app.issuer.customer(bob);
    assert!(all(&app, &format!("/payments?order_id={order}&"), &other, 5).await.is_empty());
}

#[tokio::test]
async fn a_page_does_not_move_when_payments_come_in() {
    let app = App::start().await;
    let ada = Id::mint();
    let (first, second) = (paid_by(&app, ada).await, paid_by(&app, ada).await);
    let token = app.issuer.customer(ada);
    let page = app.get("/payments?limit=1", &token).await;
    assert_eq!(ids(&page.items::<Value>()), [second]);
    paid_by(&app, ada).await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let page = app.get(&format!("/payments?limit=1&cursor={cursor}"), &token).await;
    assert_eq!(ids(&page.items::<Value>()), [first]);
    assert_eq!(page.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn anothers_payment_is_not_there() {
    let app = App::start().await;
    let payment = app.captured().await;
    let paths = ["", "/transactions"].map(|rest| format!("/payments/{}{rest}", payment.id));
    let readers = [
        app.issuer.customer(payment.customer_id),
        app.issuer.operator(),
        app.issuer.client("shop", &["orders:place"]),
        app.issuer.saga(),
    ];
    for path in paths {
        for token in &readers {
            assert_eq!(app.get(&path, token).await.status, 200);
        }
        let stranger = app.issuer.customer(Id::<Customer>::mint());
        app.get(&path, &stranger).await.refused(404, "payment-not-found");
        let client = app.issuer.client("shop", &["customers:read", "payments:refund"]);
        app.get(&path, &client).await.refused(403, "forbidden");
        app.get(&path, "nonsense").await.refused(401, "invalid-token");
        app.send(app.request(reqwest::Method::GET, &path)).await.refused(401, "authentication-required");
    }
    let operator = app.issuer.operator();
    for id in [Id::<Payment>::mint().to_string(), "nonsense".to_owned()] {
        assert_eq!(app.get(&format!("/payments/{id}"), &operator).await.status, 404);
    }
}

#[tokio::test]
async fn the_version_of_a_payment_is_its_tag() {
    let app = App::start().await;
    let payment = app.captured().await;
    let path = format!("/payments/{}", payment.id);
    let tag = async || app.get(&path, &app.issuer.operator()).await.headers["etag"].clone();
    let before = tag().await;
    assert_eq!(tag().await, before);
    app.refund(payment.id, &json!({"amount": euro(1), "reason": "a cent"})).await.refund();
    assert_ne!(tag().await, before);
}

#[tokio::test]
async fn a_log_is_read_page_by_page() {
    let app = App::start().await;
    let id = app.captured().await.id;
    for amount in [1_000, 2_000, 3_000] {
        app.refund(id, &json!({"amount": euro(amount), "reason": format!("part of {amount}")})).await.refund();
    }
    let path = format!("/payments/{id}/transactions?");
    let whole = all(&app, &path, &app.issuer.operator(), 100).await;
    assert_eq!(whole.len(), 8);
    assert_eq!(all(&app, &path, &app.issuer.operator(), 3).await, whole);
    assert_eq!(all(&app, &path, &app.issuer.operator(), 4).await, whole);
    let (asked, done) = (&whole[2], &whole[3]);
    assert_eq!(asked["id"], done["id"], "the entries of a try share its id");
    assert_eq!((&asked["outcome"], &done["outcome"]), (&json!("pending"), &json!("succeeded")));
    assert_eq!(done["reason"], "part of 1000");
    assert!(done["provider_reference"].as_str().unwrap().starts_with("re_"));
    assert!(whole[1]["provider_reference"].as_str().unwrap().starts_with("ch_"));
    assert!(whole.iter().all(|entry| entry.get("by").is_none()), "who it was stays in the house");
}

#[tokio::test]
async fn the_ledger_shows_what_the_bank_has_moved() {
    let app = App::start().await;
    let (first, second) = (app.captured().await.id, app.captured().await.id);
    app.charge(Id::mint(), &payment("tok_declined", 100)).await;
    app.charge(Id::mint(), &payment("tok_flaky", 100)).await;
    for _ in 0..2 {
        app.refund(first, &json!({"amount": euro(1), "reason": "a cent"})).await.refund();
    }
    let operator = app.issuer.operator();
    let whole = all(&app, "/sandbox/ledger?", &operator, 100).await;
    let of = whole.iter().map(|entry| entry["payment_id"].as_str().unwrap()).collect::<Vec<_>>();
    let (first, second) = (first.to_string(), second.to_string());
    assert_eq!(of, [&second, &first, &first, &first]);
    assert_eq!(whole[3]["kind"], "refund");
    for limit in 1..=4 {
        assert_eq!(all(&app, "/sandbox/ledger?", &operator, limit).await, whole);
        assert_eq!(all(&app, &format!("/sandbox/ledger?payment_id={first}&"), &operator, limit).await, whole[1..]);
    }
    let client = app.issuer.client("shop", &["orders:place", "payments:refund"]);
    app.get("/sandbox/ledger?", &client).await.refused(403, "forbidden");
    app.get("/sandbox/ledger?limit=0", &operator).await.refused(422, "invalid-request");
}

#[tokio::test]
async fn wrong_questions_are_refused() {
    let app = App::start().await;
    let operator = app.issuer.operator();
    let id = app.captured().await.id;
    for (query, name) in [
        ("limit=0", "invalid-request"),
        ("limit=101", "invalid-request"),
        ("cursor=nonsense", "invalid-request"),
        ("limit=many", "invalid-query"),
        ("lmit=5", "invalid-query"),
    ] {
        app.get(&format!("/payments?{query}"), &operator).await.refused(422, name);
        app.get(&format!("/payments/{id}/transactions?{query}"), &operator).await.refused(422, name);
    }
    app.get("/payments?order_id=1", &operator).await.refused(422, "invalid-query");
    app.get("/payments?lmit=5", "nonsense").await.refused(401, "invalid-token");
    app.get("/payments?lmit=5", &app.issuer.saga()).await.refused(403, "forbidden");
}

#[tokio::test]
async fn no_operation_passes_over_a_parameter_that_it_does_not_know() {
    let app = App::start().await;
    let operator = app.issuer.operator();
    let document = app.send(app.request(reqwest::Method::GET, "/openapi.json")).await.body;
    let operations = testbed::judge::operations(&document);
    assert_eq!(operations.len(), 7);
    for (method, path) in operations {
        let request = app.request(method.clone(), &format!("{path}?zzz=1")).bearer_auth(&operator);
        let reply = app.send(request).await;
        assert_eq!((reply.status, &reply.body["errors"][0]["pointer"]), (422, &"/zzz".into()), "{method} {path}");
    }
}
