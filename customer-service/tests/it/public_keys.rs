//! The keys that others check tokens with.

use chassis::Clock;
use chrono::{DateTime, Duration};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{App, OPERATOR, PASSWORD, answer, person};

async fn published(app: &App) -> JwkSet {
    let answer = answer(app.ask(Method::GET, "/.well-known/jwks.json")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "public, max-age=300"));
    let key = &answer.body["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("sig")));
    assert!(answer.body["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()));
    serde_json::from_value(answer.body).unwrap()
}

fn kid(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_can_check_a_token() {
    let app = App::start().await;
    let operator = app.operator().await;
    let keys = published(&app).await;
    let key = DecodingKey::from_jwk(keys.find(&kid(&operator.token)).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["ecommerce-soa"]);
    validation.set_issuer(&["ecommerce-soa"]);
    let claims = decode::<Value>(&operator.token, &key, &validation).unwrap().claims;
    assert_eq!(claims["sub"], operator.id);
    assert_eq!(claims["roles"], json!(["customer", "operator"]));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 900);
    let other = person(&app.login(OPERATOR, PASSWORD).await);
    assert_ne!(decode::<Value>(&other.token, &key, &validation).unwrap().claims["jti"], claims["jti"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_we_did_not_sign_is_refused() {
    let app = App::start().await;
    let operator = app.operator().await;
    let claims = json!({"iss": "ecommerce-soa", "aud": "ecommerce-soa", "sub": operator.id, "iat": 1_700_000_000_u64,
        "exp": 4_000_000_000_u64, "jti": "x", "roles": ["customer", "operator"]});
    let header = |algorithm| Header { kid: Some(kid(&operator.token)), ..Header::new(algorithm) };
    let public = serde_json::to_vec(&published(&app).await.keys[0]).unwrap();
    let hmac = encode(&header(Algorithm::HS256), &claims, &EncodingKey::from_secret(&public)).unwrap();
    let mut foreign_key = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    foreign_key.extend([7; 32]);
    let foreign = encode(&header(Algorithm::EdDSA), &claims, &EncodingKey::from_ed_der(&foreign_key)).unwrap();
    let short = operator.token.split_at(operator.token.len() - 4).0;
    let (_, rest) = operator.token.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", rest.split('.').next().unwrap());
    for token in [hmac.as_str(), &foreign, &none, "x.y.z", short] {
        assert_eq!(app.get_as(token, "/customers/me").await.refused(), (401, "invalid-token"), "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_follows_the_old_one_without_a_gap() {
    let clock = Clock::frozen(DateTime::UNIX_EPOCH + Duration::days(20_000));
    let app = App::at(clock.clone(), &[]).await;
    let first = kid(&app.operator().await.token);
    clock.advance(Duration::days(30));
    // A start looks after the keys, as every instance does now and then.
    let app = App::on(&app.database, clock.clone(), &[]).await;
    assert_eq!(published(&app).await.keys.len(), 2);
    let before = app.operator().await;
    assert_eq!(kid(&before.token), first, "nobody has seen the new key yet");
    clock.advance(Duration::minutes(14));
    assert_eq!(app.get_as(&before.token, "/customers/me").await.status, 200);
    clock.advance(Duration::minutes(1));
    let after = app.operator().await;
    assert_ne!(kid(&after.token), first);
    assert_eq!(app.get_as(&after.token, "/customers/me").await.status, 200);
    clock.advance(Duration::hours(1));
    let app = App::on(&app.database, clock, &[]).await;
    let keys = published(&app).await;
    assert_eq!((keys.keys.len(), keys.find(&first).is_none()), (1, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_at_once_share_their_keys() {
    let database = testbed::shared().await.postgres_database("customer").await;
    let start = || App::on(&database, Clock::real(), &[]);
    let (one, two, three) = tokio::join!(start(), start(), start());
    let token = one.operator().await.token;
    for app in [&two, &three] {
        assert_eq!(app.get_as(&token, "/customers/me").await.status, 200);
        assert_eq!(published(app).await.keys.len(), 1);
    }
    assert_eq!(one.query("SELECT email AS value FROM customers").await, [OPERATOR]);
}
