//! Keeping an address book.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, App, Person, answer};

fn address(line1: &str) -> Value {
    json!({"name": "Ada", "line1": line1, "city": "Berlin", "postal_code": "10115", "country": "DE"})
}

fn book(who: &Person) -> String {
    format!("/customers/{}/addresses", who.id)
}

async fn add(app: &App, who: &Person, new: Value) -> Answer {
    app.send_as(&who.token, (Method::POST, &book(who)), new).await
}

async fn defaults(app: &App, who: &Person) -> Vec<Value> {
    let listed = app.get_as(&who.token, &format!("{}?limit=100", book(who))).await;
    let items = listed.body["items"].as_array().unwrap().clone();
    items.into_iter().filter(|item| item["default"] == true).map(|item| item["line1"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_added_read_changed_and_removed() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let mut new = address(" Chausseestraße 1 ");
    new["line2"] = "c/o Babbage".into();
    let added = add(&app, &ada, new).await;
    assert_eq!((added.status, &added.body["line1"]), (201, &json!("Chausseestraße 1")));
    let path = added.header("location").to_owned();
    let read = app.get_as(&ada.token, &path).await;
    assert_eq!((&read.body, read.header("etag")), (&added.body, added.header("etag")));
    let changed = app.send_as(&ada.token, (Method::PATCH, &path), json!({"city": "Köln", "line2": ""})).await;
    assert_eq!((&changed.body["city"], changed.body.get("line2")), (&json!("Köln"), None));
    assert_eq!(changed.body["line1"], "Chausseestraße 1");
    let stale = app.ask(Method::PATCH, &path).bearer_auth(&ada.token).header("if-match", added.header("etag"));
    assert_eq!(answer(stale.json(&json!({"city": "Bonn"}))).await.refused(), (412, "stale"));
    let remove = || app.send_as(&ada.token, (Method::DELETE, &path), Value::Null);
    assert_eq!(remove().await.status, 204);
    assert_eq!(remove().await.refused(), (404, "not-found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_at_most_is_the_default() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let first = add(&app, &ada, address("first")).await;
    assert_eq!(first.body["default"], true);
    assert_eq!(add(&app, &ada, address("second")).await.body["default"], false);
    let mut third = address("third");
    third["default"] = true.into();
    assert_eq!(add(&app, &ada, third).await.body["default"], true);
    assert_eq!(defaults(&app, &ada).await, ["third"]);
    let path = format!("{}/{}", book(&ada), first.body["id"].as_str().unwrap());
    let again = app.send_as(&ada.token, (Method::PATCH, &path), json!({"default": true})).await;
    assert_eq!(again.body["default"], true);
    assert_eq!(defaults(&app, &ada).await, ["first"]);
    let same = app.send_as(&ada.token, (Method::PATCH, &path), json!({"default": true})).await;
    assert_eq!((same.status, &same.body["default"]), (200, &json!(true)));
    app.send_as(&ada.token, (Method::PATCH, &path), json!({"default": false})).await;
    assert_eq!(defaults(&app, &ada).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leave_one_default_and_a_book_that_ends() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let many = join_all((0..60).map(|number| {
        let mut new = address(&format!("street {number}"));
        new["default"] = true.into();
        add(&app, &ada, new)
    }));
    let answers = many.await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 50);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.refused(), (409, "address-book-full"));
    }
    assert_eq!(defaults(&app, &ada).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_told_in_full() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    let wrong = json!({"name": "", "line1": "a\nb", "line2": "x".repeat(201), "city": "c".repeat(101),
        "postal_code": "1".repeat(21), "country": "de"});
    let pointers = ["/name", "/line1", "/line2", "/city", "/postal_code", "/country"];
    assert_eq!(add(&app, &ada, wrong).await.pointers(), pointers);
    assert_eq!(add(&app, &ada, json!({"name": "Ada"})).await.status, 422);
    let mut given = address("x");
    given["id"] = "01890a5d-ac96-774b-bcce-b302099a8057".into();
    assert_eq!(add(&app, &ada, given).await.pointers(), ["/id"]);
    let path = add(&app, &ada, address("good")).await.header("location").to_owned();
    let changed = app.send_as(&ada.token, (Method::PATCH, &path), json!({"country": "XX", "city": " "})).await;
    assert_eq!(changed.pointers(), ["/city", "/country"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_s_book_is_not_there() {
    let app = App::start().await;
    let (ada, eve) = (app.register("ada@lovelace.org").await, app.register("eve@evil.org").await);
    let path = add(&app, &ada, address("secret")).await.header("location").to_owned();
    let id = path.rsplit('/').next().unwrap();
    let through_own = format!("{}/{id}", book(&eve));
    for path in [path.as_str(), &through_own] {
        for (method, body) in
            [(Method::GET, Value::Null), (Method::PATCH, json!({"city": "X"})), (Method::DELETE, Value::Null)]
        {
            assert_eq!(app.send_as(&eve.token, (method, path), body).await.refused(), (404, "not-found"));
        }
    }
    assert_eq!(app.send_as(&eve.token, (Method::POST, &book(&ada)), json!({})).await.refused(), (404, "not-found"));
    assert_eq!(app.get_as(&eve.token, &book(&ada)).await.refused(), (404, "not-found"));
    let operator = app.operator().await;
    assert_eq!(app.get_as(&operator.token, &path).await.body["line1"], "secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_book_comes_in_pages() {
    let app = App::start().await;
    let ada = app.register("ada@lovelace.org").await;
    for number in 0..5 {
        add(&app, &ada, address(&number.to_string())).await;
    }
    let first = app.get_as(&ada.token, &format!("{}?limit=2", book(&ada))).await;
    add(&app, &ada, address("late")).await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let rest = app.get_as(&ada.token, &format!("{}?limit=3&cursor={cursor}", book(&ada))).await;
    let lines = |page: &Answer| {
        page.body["items"].as_array().unwrap().iter().map(|item| item["line1"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((lines(&first), lines(&rest)), (vec![json!("4"), json!("3")], vec![json!("2"), json!("1"), json!("0")]));
    assert_eq!(rest.body["next_cursor"], Value::Null);
    for query in ["limit=0", "limit=101", "cursor=x", "page=2"] {
        let refused = app.get_as(&ada.token, &format!("{}?{query}", book(&ada))).await;
        assert_eq!(refused.status, 422, "{query}");
    }
}
