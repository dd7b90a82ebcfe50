//! Tokens that verify against the keys that are served.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use testbed::Issuer;

async fn verified(issuer: &Issuer, token: &str) -> Result<Value, jsonwebtoken::errors::Error> {
    let answer = testbed::http::client().unwrap().get(issuer.jwks_url()).send().await.unwrap();
    let keys: JwkSet = answer.json().await.unwrap();
    let kid = decode_header(token)?.kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap())?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&["ecommerce-soa"]);
    rules.set_issuer(&["ecommerce-soa"]);
    Ok(decode::<Value>(token, &key, &rules)?.claims)
}

#[tokio::test]
async fn a_customers_token_names_the_customer_and_the_role() {
    let issuer = Issuer::start().await;
    let claims = verified(&issuer, &issuer.customer("ada")).await.unwrap();
    assert_eq!(claims["sub"], "ada");
    assert_eq!(claims["roles"], serde_json::json!(["customer"]));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 900);
}

#[tokio::test]
async fn a_clients_token_has_its_scopes() {
    let issuer = Issuer::start().await;
    let claims = verified(&issuer, &issuer.client("shop", &["orders:place", "registry"])).await.unwrap();
    assert_eq!(claims["scope"], "orders:place registry");
    assert_eq!(claims["roles"], serde_json::json!([]));
}

#[tokio::test]
async fn spoilt_claims_are_signed_but_do_not_verify() {
    let issuer = Issuer::start().await;
    let mut claims = testbed::issuer::claims("ada", &["customer"], &[]);
    claims["aud"] = "somebody-else".into();
    assert!(verified(&issuer, &issuer.sign(&claims)).await.is_err());
}

#[tokio::test]
async fn two_issuers_do_not_trust_each_other() {
    let (one, other) = (Issuer::start().await, Issuer::start().await);
    let forged = other.customer("ada");
    assert_ne!(one.kid(), other.kid());
    let answer = testbed::http::client().unwrap().get(one.jwks_url()).send().await.unwrap();
    let keys: JwkSet = answer.json().await.unwrap();
    assert!(keys.find(&decode_header(forged).unwrap().kid.unwrap()).is_none());
}
