//! Operators look for customers.

use serde_json::{Value, json};

use crate::fixture::{Answer, App, registration};

fn names(page: &Answer) -> Vec<&str> {
    assert_eq!(page.status, 200, "{page:?}");
    page.body["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_name_or_address_is_enough() {
    let app = App::start().await;
    let token = app.operator().await.token;
    let people =
        [("ada@lovelace.org", "Ada Lovelace"), ("grace@navy.example", "Grace Hopper"), ("x_y@one.example", "100% Öl")];
    for (email, name) in people {
        assert_eq!(app.post("/auth/register", registration(email, name)).await.status, 201);
    }
    let cases: [(&str, &[&str]); 9] = [
        ("LOVE", &["Ada Lovelace"]),
        ("navy.EX", &["Grace Hopper"]),
        (".EXAMPLE", &["100% Öl", "Grace Hopper"]),
        ("%25", &["100% Öl"]),
        ("_", &["100% Öl"]),
        ("x_y", &["100% Öl"]),
        ("a_a", &[]),
        ("%5C", &[]),
        ("%27%20OR%20%271%27=%271", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(names(&app.get_as(&token, &format!("/customers?query={query}")).await), expected, "{query}");
    }
    for query in ["", "query=", "query=%20"] {
        let all = app.get_as(&token, &format!("/customers?{query}")).await;
        assert_eq!(names(&all), ["100% Öl", "Grace Hopper", "Ada Lovelace", "Operator"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_stay_as_they_are_when_somebody_registers() {
    let app = App::start().await;
    let token = app.operator().await.token;
    for number in 0..5 {
        app.register(&format!("c{number}@pages.example")).await;
    }
    let first = app.get_as(&token, "/customers?query=pages&limit=2").await;
    app.register("late@pages.example").await;
    let next =
        |page: &Answer| format!("/customers?query=pages&limit=2&cursor={}", page.body["next_cursor"].as_str().unwrap());
    let second = app.get_as(&token, &next(&first)).await;
    let third = app.get_as(&token, &next(&second)).await;
    assert_eq!([names(&first), names(&second), names(&third)], [vec!["c4", "c3"], vec!["c2", "c1"], vec!["c0"]]);
    assert_eq!(third.body["next_cursor"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_refused() {
    let app = App::start().await;
    let token = app.operator().await.token;
    let long = format!("query={}", "x".repeat(255));
    for query in ["limit=0", "limit=101", "limit=x", "cursor=nonsense", "cursor=IngiCg", "query=%00", "q=ada", &long] {
        let answer = app.get_as(&token, &format!("/customers?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {answer:?}");
        assert_ne!(answer.body["errors"], json!([]), "{query}");
    }
    let ada = app.register("ada@lovelace.org").await;
    assert_eq!(app.get_as(&ada.token, "/customers?query=a").await.refused(), (403, "forbidden"));
}
