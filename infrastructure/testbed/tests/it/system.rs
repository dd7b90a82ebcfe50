//! The whole product, as tests start it.

use testbed::{Binary, System, http};

#[tokio::test]
async fn a_killed_binary_comes_back_at_the_same_address() {
    let system = System::start().await.unwrap();
    let ready = format!("{}/health/ready", system.esb_url);
    assert!(http::is_ok(&ready).await);
    system.kill(Binary::Esb).await.unwrap();
    assert!(!http::is_ok(&ready).await);
    system.start_again(Binary::Esb).await.unwrap();
    assert!(http::is_ok(&ready).await);
}

#[tokio::test]
async fn a_second_esb_has_an_address_of_its_own_and_settings_reach_it() {
    let builder = System::builder().esbs(2).env(Binary::Esb, "ESB__LOG__FILTER", "warn");
    let system = builder.start().await.unwrap();
    assert_eq!(system.esb_urls.len(), 2);
    assert_ne!(system.esb_urls[0], system.esb_urls[1]);
    assert!(http::is_ok(&format!("{}/health/ready", system.esb_urls[1])).await);
    system.stop((Binary::Esb, 1)).await.unwrap();
    assert!(!http::is_ok(&format!("{}/health/live", system.esb_urls[1])).await);
    assert!(http::is_ok(&format!("{}/health/ready", system.esb_url)).await);
}

#[tokio::test]
async fn the_operator_and_the_client_can_sign_in() {
    let system = System::start().await.unwrap();
    let client = http::client().unwrap();
    let account = serde_json::json!({"email": system.operator.email, "password": system.operator.password});
    let login = client.post(format!("{}/auth/login", system.esb_url)).json(&account).send().await.unwrap();
    assert_eq!(login.status().as_u16(), 200);
    let token = client.post(format!("{}/auth/token", system.esb_url)).form(&[("grant_type", "client_credentials")]);
    let token = token.basic_auth(&system.client.id, Some(&system.client.secret)).send().await.unwrap();
    assert_eq!(token.status().as_u16(), 200);
}
