//! What stands on the wire; a change here is a break for programs that we never see.

use contracts::{
    CustomerStatus, Order, OrderStatus, Page, PaymentStatus, PlaceOrder, PlacementState, Problem, RefundProgress,
    SagaState, Session,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads `json` as a `T` and writes it again: nothing may be lost or added.
fn unchanged<T: DeserializeOwned + Serialize>(json: &Value) {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), *json);
}

fn customer() -> Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "email": "ada@lovelace.org", "name": "Ada", "status": "active",
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05.000006Z",
    })
}

fn order() -> Value {
    let price = json!({"amount": 4990, "currency": "EUR"});
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8058", "customer_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "status": "confirmed", "total": price, "refund": "none",
        "items": [{
            "product_id": "01890a5d-ac96-774b-bcce-b302099a8059", "sku": "LAMP-1", "name": "Lamp", "quantity": 1,
            "unit_price": price, "total": price,
        }],
        "payment_id": "01890a5d-ac96-774b-bcce-b302099a8060",
        "history": [{"status": "pending", "at": "2026-01-02T03:04:05Z", "by": "customer:1"}],
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    })
}

#[test]
fn documents_keep_their_shape() {
    unchanged::<contracts::Customer>(&customer());
    unchanged::<Order>(&order());
    unchanged::<Page<Order>>(&json!({"items": [order()], "next_cursor": null}));
    unchanged::<Session>(&json!({
        "customer": customer(), "access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": 900,
    }));
    unchanged::<Problem>(&json!({
        "type": "urn:problem:out-of-stock", "title": "Out of stock", "status": 409, "detail": "none left",
        "instance": "r1", "errors": [{"pointer": "/items/0", "detail": "none left"}],
    }));
}

#[test]
fn services_register_as_designed() {
    let full = json!({
        "name": "inventory-service", "url": "http://127.0.0.1:9000", "version": "1.0.0",
        "openapi_url": "http://127.0.0.1:9000/openapi.json", "lease_seconds": 30,
    });
    unchanged::<contracts::RegisterService>(&full);
    unchanged::<contracts::RegisterService>(&json!({"name": "a", "url": "http://127.0.0.1:9000"}));
    unchanged::<contracts::RegisteredService>(&json!({"instance": "i", "lease_expires_at": "2026-01-02T03:04:05Z"}));
    let instance = json!({
        "name": "a", "instance": "i", "url": "http://h", "healthy": true, "lease_expires_at": "2026-01-02T03:04:05Z",
    });
    unchanged::<contracts::DiscoveredService>(
        &json!({"name": "a", "service_url": "http://h", "instances": [instance]}),
    );
}

#[test]
fn what_is_absent_is_absent_and_not_null() {
    let order: Order = serde_json::from_value(order()).unwrap();
    let text = serde_json::to_string(&order).unwrap();
    assert!(!text.contains("null") && !text.contains("shipment") && !text.contains("cancel_reason"), "{text}");
}

#[test]
fn a_misspelt_field_of_a_request_is_refused() {
    let request = json!({
        "customer_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "items": [{"product_id": "01890a5d-ac96-774b-bcce-b302099a8059", "quantity": 1}],
        "payment": {"method": "card", "token": "tok_visa"},
    });
    unchanged::<PlaceOrder>(&request);
    let mut misspelt = request;
    misspelt["expectd_total"] = json!({"amount": 1, "currency": "EUR"});
    let error = serde_json::from_value::<PlaceOrder>(misspelt).unwrap_err().to_string();
    assert!(error.contains("expectd_total"), "{error}");
}

#[test]
fn a_newer_answer_can_be_read() {
    let mut newer = customer();
    newer["loyalty"] = json!("gold");
    assert!(serde_json::from_value::<contracts::Customer>(newer).is_ok());
}

#[test]
fn states_are_called_as_designed() {
    let all = json!([
        OrderStatus::ALL,
        [RefundProgress::None, RefundProgress::Requested, RefundProgress::Partial, RefundProgress::Full],
        [PaymentStatus::Pending, PaymentStatus::Captured, PaymentStatus::Declined, PaymentStatus::Voided],
        [PaymentStatus::PartiallyRefunded, PaymentStatus::Refunded],
        [PlacementState::Running, PlacementState::Confirmed, PlacementState::Refused, PlacementState::Stuck],
        [SagaState::Running, SagaState::Completed, SagaState::Compensating, SagaState::Compensated, SagaState::Stuck],
        [CustomerStatus::Active, CustomerStatus::Erased],
    ]);
    let expected = json!([
        ["pending", "confirmed", "shipped", "delivered", "cancelled"],
        ["none", "requested", "partial", "full"],
        ["pending", "captured", "declined", "voided"],
        ["partially_refunded", "refunded"],
        ["running", "confirmed", "refused", "stuck"],
        ["running", "completed", "compensating", "compensated", "stuck"],
        ["active", "erased"],
    ]);
    assert_eq!(all, expected);
}

#[test]
fn nothing_that_pays_or_signs_in_can_be_printed() {
    let request: PlaceOrder = serde_json::from_value(json!({
        "customer_id": "01890a5d-ac96-774b-bcce-b302099a8057", "items": [],
        "payment": {"method": "card", "token": "tok_canary"},
    }))
    .unwrap();
    let login =
        contracts::Login { email: "a@b.org".into(), password: contracts::Password::new("canary"), refresh: None };
    assert!(!format!("{request:?} {login:?}").contains("canary"));
}
