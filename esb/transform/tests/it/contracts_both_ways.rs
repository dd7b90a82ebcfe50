//! The documents of our own services.

use serde_json::{Value, json};
use transform::{Limits, Schemas};

fn schemas() -> Schemas {
    let described = serde_json::to_value(contracts::description()).unwrap();
    Schemas::compile(&described, Limits::default()).unwrap_or_else(|refusals| panic!("{refusals:#?}"))
}

fn xml_of(root: &str, json: &Value) -> String {
    let mut xml = Vec::new();
    schemas().by_root(root).unwrap().to_xml(json.to_string().as_bytes(), &mut xml).unwrap();
    String::from_utf8(xml).unwrap()
}

fn json_of(root: &str, xml: &str) -> Value {
    let mut json = Vec::new();
    schemas().by_root(root).unwrap().to_json(xml.as_bytes(), &mut json).unwrap();
    serde_json::from_slice(&json).unwrap()
}

#[test]
fn every_contract_has_a_root() {
    let schemas = schemas();
    let roots: Vec<&str> = schemas.roots().collect();
    for root in [
        "customer",
        "address",
        "product",
        "order",
        "payment",
        "transaction",
        "refund",
        "session",
        "placement",
        "place_order",
        "placed_order",
        "order_list",
        "customer_list",
        "problem",
    ] {
        assert!(roots.contains(&root), "{root} is not among {roots:?}");
    }
}

#[test]
fn an_order_list_goes_there_and_back() {
    let price = json!({"amount": 4990, "currency": "EUR"});
    let order = json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058", "customer_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "status": "confirmed", "total": price, "refund": "none",
        "items": [{
            "product_id": "01890a5d-ac96-774b-bcce-b302099a8059", "sku": "LAMP-1", "name": "Lämp <&> \r\n\t", "quantity": 1,
            "unit_price": price, "total": price,
        }],
        "history": [],
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    });
    let list = json!({"items": [order, order], "next_cursor": null});
    let xml = xml_of("order_list", &list);
    println!("{xml}");
    assert_eq!(json_of("order_list", &xml), list);
}
