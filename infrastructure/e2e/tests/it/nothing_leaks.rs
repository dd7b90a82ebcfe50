//! No secret, password, token, card number or SQL in a log or an answer: canaries are sent, and everything that the
//! system said is searched for them.

use reqwest::Method;
use serde_json::json;
use testbed::System;
use testbed::binary::Binary;

use crate::world::{Answer, IN_TIME, Shopper, World, new_key};

const PASSWORD: &str = "canary-pass-7fd1 of a shopper";
const CARD: &str = "5555 5555 5555 4444";

/// What was sent and may never be said, and what was answered.
struct Canaries {
    secrets: Vec<String>,
    said: String,
}

#[tokio::test]
async fn what_was_secret_is_in_no_log_and_no_answer() {
    let mut builder = System::builder();
    for binary in Binary::ALL {
        builder = builder.env(binary, &format!("{}__LOG__FILTER", binary.variable()), "debug,h2=info,hyper_util=info");
    }
    let world = World::with(builder.start().await.unwrap()).await;
    let mut canaries = Canaries { secrets: known(&world), said: String::new() };
    let shopper = sign_up(&world, &mut canaries).await;
    shop(&world, &shopper, &mut canaries).await;
    ask_for_trouble(&world, &mut canaries).await;
    outlive_a_service(&world, &shopper, &mut canaries).await;
    for binary in Binary::ALL {
        canaries.said += &std::fs::read_to_string(world.system.log(binary).unwrap()).unwrap();
    }
    assert!(canaries.said.contains("listening on"), "the logs are there");
    for line in canaries.said.lines() {
        for secret in &canaries.secrets {
            assert!(!line.contains(secret.as_str()), "`{secret}` was said: {line}");
        }
    }
}

fn known(world: &World) -> Vec<String> {
    let env = world.system.env();
    let signs = ["$argon2", "BEGIN PRIVATE KEY", "SELECT ", "INSERT INTO", "tok_visa", "stack backtrace"];
    let sent = [PASSWORD, "canary-pass-7fd1", CARD, "5555555555554444"];
    let system = [&world.system.client.secret, &world.system.operator.password, &world.operator];
    let urls = ["CUSTOMER_DATABASE_URL", "ORDER_DATABASE_URL", "ESB_DATABASE_URL", "AMQP_URL"].map(|name| &env[name]);
    let texts = signs.into_iter().chain(sent).map(str::to_owned);
    texts.chain(system.into_iter().chain(urls).cloned()).collect()
}

async fn sign_up(world: &World, canaries: &mut Canaries) -> Shopper {
    let email = format!("{}@example.org", new_key());
    let register = json!({"email": email, "password": PASSWORD, "name": "Ada"});
    let session = world.post("/auth/register", None, &register).await;
    let (token, refresh) = (session.is(201).text("access_token"), session.text("refresh_token"));
    let client = &world.system.client;
    let form = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", &client.secret)];
    let machine = Answer::of(world.request(Method::POST, "/auth/token", None).form(&form).send().await.unwrap()).await;
    canaries.secrets.extend([token.clone(), refresh, machine.is(200).text("access_token")]);
    let wrong = [
        json!({"email": email, "password": "canary-pass-7fd1 but wrong"}),
        json!({"email": format!("' OR 1=1 -- {email}"), "password": PASSWORD}),
        json!({"email": email, "password": PASSWORD, "pasword": PASSWORD}),
    ];
    for login in &wrong {
        canaries.said += &world.post("/auth/login", None, login).await.body.to_string();
    }
    Shopper { id: session.body["customer"]["id"].as_str().unwrap().into(), token }
}

async fn shop(world: &World, shopper: &Shopper, canaries: &mut Canaries) {
    let lamp = world.product(4990, 10).await;
    for token in ["tok_visa", "tok_declined", "tok_flaky", CARD] {
        let answer = world.place(shopper, &shopper.wants(&lamp, 1, token), Some(&new_key())).await;
        canaries.said += &answer.body.to_string();
    }
    canaries.said += &world.get("/customers/me", &shopper.token).await.is(200).body.to_string();
}

async fn ask_for_trouble(world: &World, canaries: &mut Canaries) {
    for path in [
        "/products?query=%27%3B%20DROP%20TABLE%20products%3B--",
        "/orders?cursor=canary",
        "/esb/sagas?state=x",
        "/customers?query=%25%27",
    ] {
        canaries.said += &world.get(path, &world.operator).await.body.to_string();
    }
}

async fn outlive_a_service(world: &World, shopper: &Shopper, canaries: &mut Canaries) {
    let lamp = world.product(4990, 10).await;
    world.system.kill(Binary::PaymentService).await.unwrap();
    let down = world.placing(shopper, &shopper.wants(&lamp, 1, "tok_visa"), None).header("prefer", "wait=1");
    canaries.said += &Answer::of(down.send().await.unwrap()).await.is(202).body.to_string();
    world.system.start_again(Binary::PaymentService).await.unwrap();
    let settled = async || {
        let sagas = world.get("/esb/sagas?state=running", &world.operator).await;
        sagas.is(200).body["items"].as_array().unwrap().is_empty()
    };
    testbed::wait::until("every saga is settled", IN_TIME, settled).await.unwrap();
}
