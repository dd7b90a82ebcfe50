//! Access tokens: what counts, and what does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

use crate::fixture::{Server, claims, sign};

const CUSTOMER: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

#[actix_web::test]
async fn a_good_token_says_who_asks() {
    let server = Server::start();
    let customer = sign(&claims(CUSTOMER, &["customer"]));
    assert_eq!(server.get("/whoami", &customer).await.2, format!("customer:{CUSTOMER}"));
    assert_eq!(server.get("/operators", &customer).await.0, 403);
    let operator = sign(&claims(CUSTOMER, &["customer", "operator"]));
    assert_eq!(server.get("/operators", &operator).await.0, 200);
    let client = sign(&claims("erp", &[]));
    assert_eq!(server.get("/whoami", &client).await.2, "client:erp");
}

#[actix_web::test]
async fn no_token_is_challenged() {
    let server = Server::start();
    let response = server.http.get(server.url("/whoami")).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
}

#[actix_web::test]
async fn claims_that_are_wrong_do_not_count() {
    let server = Server::start();
    let good = claims(CUSTOMER, &["customer"]);
    let mut wrong = vec![good.clone(); 5];
    wrong[0].iss = "somebody".into();
    wrong[1].aud = "somebody".into();
    wrong[2].exp = good.iat - 60;
    wrong[3].iat = good.iat + 3600;
    wrong[4].exp = 0;
    for claims in wrong {
        let (status, name, _) = server.get("/whoami", &sign(&claims)).await;
        assert_eq!((status, name.as_str()), (401, "invalid-token"), "{claims:?}");
    }
}

#[actix_web::test]
async fn forged_signatures_do_not_count() {
    let server = Server::start();
    let good = sign(&claims(CUSTOMER, &["operator"]));
    assert_eq!(server.get("/operators", &good).await.0, 200);
    let mut parts = good.split('.');
    let (head, body, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let write = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let hmac = {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("k1".into());
        let secret = EncodingKey::from_secret(b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        encode(&header, &claims(CUSTOMER, &["operator"]), &secret).unwrap()
    };
    for forged in [
        format!("{}.{body}.", write(json!({"alg": "none", "kid": "k1"}))),
        format!("{}.{body}.{signature}", write(json!({"alg": "none", "kid": "k1"}))),
        format!("{}.{body}.{signature}", write(json!({"alg": "EdDSA", "kid": "k2"}))),
        format!("{}.{body}.{signature}", write(json!({"alg": "EdDSA"}))),
        format!("{head}.{}.{signature}", write(json!({"sub": CUSTOMER, "roles": ["operator"]}))),
        format!("{head}.{body}.{}", "A".repeat(signature.len())),
        format!("{head}.{body}"),
        hmac,
        String::from("x"),
    ] {
        assert_eq!(server.get("/operators", &forged).await.0, 401, "{forged}");
    }
}
