//! What operators see and mend.

use contracts::{Customer, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Bus, until};
use crate::shop::{Fault, Shop, order_of};
use crate::upstream::{Reply, Upstream};

async fn place(bus: &Bus, token: &str) -> String {
    let ada = Id::<Customer>::mint();
    let order = bus.ask(Method::POST, "/orders").bearer_auth(bus.issuer.customer(ada)).json(&order_of(ada, token));
    let accepted = bus.send(order.header("prefer", "respond-async")).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    accepted.body["order_id"].as_str().unwrap().to_owned()
}

async fn saga_of(bus: &Bus, order: &str) -> Value {
    let page = bus.get_as(&bus.issuer.operator(), &format!("/esb/sagas?subject={order}")).await;
    page.body["items"][0].clone()
}

#[actix_web::test]
async fn sagas_are_listed_page_by_page() {
    let bus = Bus::before(&Shop::with_stock(10).upstream).await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(place(&bus, "tok_visa").await);
    }
    until("all are settled", async || {
        let page = bus.get_as(&bus.issuer.operator(), "/esb/sagas?state=completed").await;
        page.body["items"].as_array().unwrap().len() == 3
    })
    .await;
    let mut seen = Vec::new();
    let mut path = "/esb/sagas?limit=2".to_owned();
    loop {
        let page = bus.get_as(&bus.issuer.operator(), &path).await;
        seen.extend(
            page.body["items"].as_array().unwrap().iter().map(|saga| saga["subject"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/esb/sagas?limit=2&cursor={cursor}");
    }
    orders.reverse();
    assert_eq!(seen, orders);
    let saga = saga_of(&bus, &orders[0]).await;
    let read = bus.get_as(&bus.issuer.operator(), &format!("/esb/sagas/{}", saga["id"].as_str().unwrap())).await;
    assert_eq!((&read.body["name"], read.body["steps"].as_array().unwrap().len()), (&json!("place-order"), 4));
    assert!(!read.text.contains("tok_"), "{}", read.text);
    let wrong = ["/esb/sagas?limit=0", "/esb/sagas?cursor=x", "/esb/sagas?state=happy", "/esb/sagas?sate=stuck"];
    for path in wrong {
        assert_eq!(bus.get_as(&bus.issuer.operator(), path).await.status, 422, "{path}");
    }
}

#[actix_web::test]
async fn a_stuck_saga_goes_on_when_an_operator_says_so() {
    let shop = Shop::with_stock(10);
    shop.fails("POST orders cancel", &[Fault::Status(500), Fault::Status(500)]);
    let bus = Bus::changed(&shop.upstream, vec![("SAGA__ATTEMPTS_MAX", "2".to_owned())]).await;
    let order = place(&bus, "tok_declined").await;
    until("it is stuck", async || saga_of(&bus, &order).await["state"] == "stuck").await;
    let saga = saga_of(&bus, &order).await;
    let retry = format!("/esb/sagas/{}/retry", saga["id"].as_str().unwrap());
    let placement = bus.get_as(&bus.issuer.operator(), &format!("/orders/{order}/placement")).await;
    assert_eq!(placement.body["state"], "stuck");
    assert_eq!(bus.post_as(&bus.issuer.operator(), &retry, &json!({"at": "once"})).await.told(), "422 invalid-request");
    let retried = bus.post_as(&bus.issuer.operator(), &retry, &json!({})).await;
    assert_eq!((retried.status, &retried.body["id"]), (200, &saga["id"]));
    until("it is undone", async || saga_of(&bus, &order).await["state"] == "compensated").await;
    assert_eq!(shop.stock(), 10);
    assert_eq!(bus.post_as(&bus.issuer.operator(), &retry, &json!({})).await.told(), "409 saga-not-stuck");
    let unknown = format!("/esb/sagas/{}/retry", Id::<Customer>::mint());
    assert_eq!(bus.post_as(&bus.issuer.operator(), &unknown, &json!({})).await.told(), "404 saga-not-found");
}

#[actix_web::test]
async fn operators_see_what_each_step_asks_for_but_no_token() {
    let shop = Shop::with_stock(10);
    shop.fails("POST orders cancel", &[Fault::Status(500)]);
    let bus = Bus::changed(&shop.upstream, vec![("SAGA__ATTEMPTS_MAX", "1".to_owned())]).await;
    let order = place(&bus, "tok_declined").await;
    until("it is stuck", async || saga_of(&bus, &order).await["state"] == "stuck").await;
    let path = format!("/esb/sagas/{}", saga_of(&bus, &order).await["id"].as_str().unwrap());
    let stuck = bus.get_as(&bus.issuer.operator(), &path).await;
    let placed = &stuck.body["input"];
    let asked = |step: &str| input_of(&stuck.body, step);
    let customer = placed["request"]["customer_id"].as_str().unwrap();
    let check = json!({"method": "GET", "service": "customer-service", "path": format!("/customers/{customer}")});
    assert_eq!(asked("check-customer"), check);
    let create = asked("create-order");
    assert_eq!((&create["method"], &create["path"]), (&json!("PUT"), &json!(format!("/orders/{order}"))));
    assert_eq!(create["body"]["items"], placed["request"]["items"]);
    let pay = asked("take-payment");
    assert_eq!(pay["path"], format!("/payments/{}", placed["payment_id"].as_str().unwrap()));
    assert_eq!((&pay["body"]["token"], &pay["body"]["amount"]["currency"]), (&json!("[hidden]"), &json!("EUR")));
    assert_eq!(asked("confirm-order")["body"], json!({"payment_id": placed["payment_id"]}));
    assert!(!stuck.text.contains("tok_"), "{}", stuck.text);

    bus.post_as(&bus.issuer.operator(), &format!("{path}/retry"), &json!({})).await;
    until("it is undone", async || saga_of(&bus, &order).await["state"] == "compensated").await;
    let undone = bus.get_as(&bus.issuer.operator(), &path).await.body;
    assert_eq!(input_of(&undone, "create-order"), create);
    assert_eq!(input_of(&undone, "take-payment"), Value::Null, "the order's total is forgotten");
}

/// What the step of a saga asks for.
fn input_of(saga: &Value, step: &str) -> Value {
    saga["steps"].as_array().unwrap().iter().find(|one| one["name"] == step).unwrap()["input"].clone()
}

#[actix_web::test]
async fn the_bus_shows_itself_to_operators_only() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let customer = bus.issuer.customer(Id::<Customer>::mint());
    for path in ["/esb/routes", "/esb/services", "/esb/sagas", "/esb/sagas/01890a5d-ac96-774b-bcce-b302099a8057"] {
        assert_eq!(bus.get(path).await.told(), "401 authentication-required");
        assert_eq!(bus.get_as(&customer, path).await.told(), "403 forbidden");
    }
    let routes = bus.get_as(&bus.issuer.operator(), "/esb/routes?limit=100").await;
    let place = routes.body["items"].as_array().unwrap().iter().find(|route| route["name"] == "place-order").unwrap();
    assert_eq!((&place["file"], &place["from"]["http"]), (&json!("orders.toml"), &json!("POST /orders")));
    assert_eq!(place["allow"], json!(["customer", "operator", "scope:orders:place"]));
    let services = bus.get_as(&bus.issuer.operator(), "/esb/services").await;
    let told = |service: &Value| (service["name"].as_str().unwrap().to_owned(), service["healthy"] == true);
    let healthy = services.body["items"].as_array().unwrap().iter().map(told).collect::<Vec<_>>();
    let wanted =
        [("customer-service", true), ("lost-service", false), ("order-service", true), ("payment-service", true)];
    assert_eq!(healthy, wanted.map(|(name, up)| (name.to_owned(), up)));
}

#[actix_web::test]
async fn routes_and_services_come_page_by_page() {
    let bus = Bus::before(&Upstream::saying(200, json!({}))).await;
    let read = async |path: &str| bus.get_as(&bus.issuer.operator(), path).await;
    let names = |page: &Value| {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (list, limit) in [("/esb/routes", 7), ("/esb/services", 3)] {
        let whole = names(&read(&format!("{list}?limit=100")).await.body);
        assert!(whole.len() > limit && whole.is_sorted(), "{whole:?}");
        let default = read(list).await.body;
        assert_eq!(names(&default), whole[..whole.len().min(20)]);
        assert_eq!(default["next_cursor"].is_string(), whole.len() > 20);
        let (mut seen, mut path) = (Vec::new(), format!("{list}?limit={limit}"));
        loop {
            let page = read(&path).await.body;
            assert!(names(&page).len() <= limit);
            seen.extend(names(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("{list}?limit={limit}&cursor={cursor}");
        }
        assert_eq!(seen, whole);
        for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x", "lmiit=5"] {
            assert_eq!(read(&format!("{list}?{wrong}")).await.status, 422, "{list}?{wrong}");
        }
    }
    assert!(names(&read("/esb/routes?limit=100").await.body).len() > 20, "or the default shows nothing");
}

#[actix_web::test]
async fn the_bus_is_ready_when_it_can_check_tokens_and_keep_orders() {
    let bus = Bus::before(&Upstream::saying(500, json!({}))).await;
    let ready = bus.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["checks"]), (200, &json!({"keys": "up", "postgresql": "up"})));
}

#[actix_web::test]
async fn one_description_holds_what_routes_expose() {
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let document = {
        let ok = |name| json!({"responses": {"200": {"content": {"application/json": {"schema": schema(name)}}}}});
        let mut read = ok("Order");
        read["parameters"] =
            json!([{"name": "order_id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        json!({
            "openapi": "3.1.0", "info": {"title": "x", "version": "1"},
            "paths": {"/orders/{order_id}": {"get": read, "put": ok("Secret")}, "/internal": {"get": ok("Secret")}},
            "components": {"schemas": {"Order": {"properties": {"payment": schema("Payment")}}, "Payment": {"type": "object"}, "Secret": {}}},
        })
    };
    let upstream = Upstream::described(document, async |_| Reply::Json(404, json!({})));
    let bus = Bus::before(&upstream).await;
    let read = async || bus.get("/openapi.json").await.body;
    until("the services have told", async || !read().await["paths"]["/orders/{id}"]["get"].is_null()).await;
    let merged = read().await;
    testbed::judge::openapi(&merged).await.unwrap();
    let operation = &merged["paths"]["/orders/{id}"];
    assert_eq!(operation["get"]["parameters"][0]["name"], "id");
    assert!(operation["put"].is_null() && merged["paths"]["/internal"].is_null());
    assert!(!merged["paths"]["/orders"]["post"].is_null() && !merged["paths"]["/esb/sagas"]["get"].is_null());
    let schemas = &merged["components"]["schemas"];
    assert!(schemas["Secret"].is_null() && !schemas["PlaceOrder"].is_null());
    let order = operation["get"].pointer("/responses/200/content/application~1json/schema/$ref").unwrap();
    assert_eq!(order, "#/components/schemas/OrderServiceOrder", "another document of the same name keeps apart");
    assert!(!schemas["OrderServiceOrder"].is_null());
    assert_eq!(bus.get("/docs/").await.status, 200);
}
