//! What every service has in its books about an order; the auditor's view.

use serde_json::Value;

use super::World;

/// The books on one order.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    /// The order, where order-service knows it.
    pub(crate) order: Option<Value>,
    /// Its payments.
    pub(crate) payments: Vec<Value>,
    /// The bank's entries on those payments.
    pub(crate) ledger: Vec<Value>,
    /// The sagas about it.
    pub(crate) sagas: Vec<Value>,
}

impl Books {
    pub(super) async fn of(world: &World, order: &str) -> Self {
        let found = world.get(&format!("/orders/{order}"), &world.operator).await;
        let payments = items(world, &format!("/payments?order_id={order}")).await;
        let mut ledger = Vec::new();
        for payment in &payments {
            ledger.extend(world.ledger(payment["id"].as_str().unwrap()).await);
        }
        let sagas = items(world, &format!("/esb/sagas?subject={order}")).await;
        Self { order: (found.status == 200).then_some(found.body), payments, ledger, sagas }
    }

    /// Confirmed, and charged once, for the order's total.
    #[track_caller]
    pub(crate) fn are_confirmed_and_charged_once(&self) {
        let order = self.order.as_ref().unwrap_or_else(|| panic!("there is no order: {self:#?}"));
        assert_eq!(order["status"], "confirmed", "{self:#?}");
        assert_eq!(self.payments.len(), 1, "{self:#?}");
        let payment = &self.payments[0];
        assert_eq!((&payment["status"], &payment["amount"]), (&"captured".into(), &order["total"]), "{self:#?}");
        assert_eq!(order["payment_id"], payment["id"], "{self:#?}");
        assert_eq!((self.charged(), self.charges()), (order["total"]["amount"].as_i64().unwrap(), 1), "{self:#?}");
    }

    /// Not confirmed, and no money kept.
    #[track_caller]
    pub(crate) fn keep_nothing(&self) {
        if let Some(order) = &self.order {
            assert_eq!(order["status"], "cancelled", "{self:#?}");
        }
        for payment in &self.payments {
            let status = payment["status"].as_str().unwrap();
            assert!(["declined", "voided", "refunded"].contains(&status), "{self:#?}");
        }
        assert_eq!(self.charged(), 0, "{self:#?}");
    }

    /// What the bank holds for us: charged less refunded, in cents.
    pub(crate) fn charged(&self) -> i64 {
        self.sum("charge") - self.sum("refund")
    }

    fn charges(&self) -> usize {
        self.ledger.iter().filter(|entry| entry["kind"] == "charge").count()
    }

    fn sum(&self, kind: &str) -> i64 {
        let entries = self.ledger.iter().filter(|entry| entry["kind"] == kind);
        entries.map(|entry| entry["amount"]["amount"].as_i64().unwrap()).sum()
    }

    /// Whether every saga has ended by itself.
    pub(crate) fn are_settled(&self) -> bool {
        !self.sagas.is_empty()
            && self.sagas.iter().all(|saga| saga["state"] == "completed" || saga["state"] == "compensated")
    }
}

impl World {
    /// The bank's entries on a payment: asked of payment-service itself, as the ledger is no part of the bus.
    pub(crate) async fn ledger(&self, payment: &str) -> Vec<Value> {
        let base = self.system.env()["PAYMENT_SERVICE_URL"].clone();
        let url = format!("{base}/sandbox/ledger?payment_id={payment}");
        let request = self.request_to(reqwest::Method::GET, &url, Some(&self.operator));
        let answer = super::Answer::of(request.send().await.unwrap()).await;
        answer.is(200);
        let entries = answer.body["items"].as_array().or(answer.body.as_array()).cloned();
        entries.unwrap_or_else(|| panic!("no entries: {:#}", answer.body))
    }
}

async fn items(world: &World, path: &str) -> Vec<Value> {
    let page = world.get(path, &world.operator).await;
    page.is(200);
    page.body["items"].as_array().unwrap().clone()
}
