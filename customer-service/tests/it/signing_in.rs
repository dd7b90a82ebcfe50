//! Signing in with a password.

use chassis::Clock;
use chrono::{DateTime, Duration};
use futures_util::future::join_all;
use serde_json::Value;

use crate::fixture::{Answer, App, PASSWORD};

const EMAIL: &str = "ada@lovelace.org";

fn same_words(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    body["instance"] = Value::Null;
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_opens_a_session() {
    let app = App::start().await;
    let ada = app.register(EMAIL).await;
    let answer = app.login(" ADA@lovelace.ORG ", PASSWORD).await;
    assert_eq!((answer.status, answer.body["customer"]["id"].as_str()), (200, Some(ada.id.as_str())));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(app.refresh(answer.body["refresh_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_whether_it_was_the_address_or_the_password() {
    let app = App::start().await;
    app.register(EMAIL).await;
    let wrong_password = app.login(EMAIL, "wrong horse battery").await;
    assert_eq!(wrong_password.refused(), (401, "wrong-credentials"));
    let too_long = "x".repeat(10_000);
    for (email, password) in
        [("nobody@lovelace.org", PASSWORD), ("not an address", PASSWORD), (EMAIL, ""), (EMAIL, &too_long)]
    {
        let answer = app.login(email, password).await;
        assert_eq!((answer.status, same_words(&answer)), (401, same_words(&wrong_password)), "{email}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_for_one_account_and_for_a_while() {
    let clock = Clock::frozen(DateTime::UNIX_EPOCH + Duration::days(20_000));
    let app = App::at(clock.clone(), &[("LOGIN__FAILURES_PER_MINUTE", "3")]).await;
    app.register(EMAIL).await;
    app.register("grace@hopper.org").await;
    for email in [EMAIL, "nobody@lovelace.org"] {
        for _ in 0..3 {
            assert_eq!(app.login(email, "wrong horse battery").await.status, 401);
        }
        let refused = app.login(&email.to_uppercase(), PASSWORD).await;
        assert_eq!(refused.refused(), (429, "too-many-attempts"));
        assert_eq!(refused.header("retry-after"), "20");
    }
    assert_eq!(app.login("grace@hopper.org", PASSWORD).await.status, 200);
    clock.advance(Duration::seconds(20));
    assert_eq!(app.login(EMAIL, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_is_never_counted() {
    let app = App::with(&[("LOGIN__FAILURES_PER_MINUTE", "2")]).await;
    app.register(EMAIL).await;
    let statuses = join_all((0..12).map(|_| app.login(EMAIL, PASSWORD))).await;
    assert!(statuses.iter().all(|answer| answer.status == 200), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_are_counted_too() {
    let app = App::with(&[("LOGIN__FAILURES_PER_MINUTE", "3"), ("PASSWORDS__CONCURRENCY", "2")]).await;
    app.register(EMAIL).await;
    let guesses = join_all((0..30).map(|_| app.login(EMAIL, "wrong horse battery"))).await;
    let heard = guesses.iter().filter(|answer| answer.status == 401).count();
    let refused = guesses.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(heard + refused, 30);
    // One more may run beside the last.
    assert!((3..=4).contains(&heard), "{heard} guesses were checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_at_the_door_is_told_to_come_again() {
    let app = App::with(&[("PASSWORDS__CONCURRENCY", "1"), ("PASSWORDS__QUEUE_MAX", "2")]).await;
    app.register(EMAIL).await;
    let crowd = join_all((0..40).map(|_| app.login(EMAIL, PASSWORD))).await;
    let (served, busy): (Vec<_>, Vec<_>) = crowd.iter().partition(|answer| answer.status == 200);
    assert!(served.len() >= 3, "{} were served", served.len());
    assert!(!busy.is_empty());
    for answer in busy {
        assert_eq!(answer.refused(), (503, "busy"));
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(app.login(EMAIL, PASSWORD).await.status, 200);
}
