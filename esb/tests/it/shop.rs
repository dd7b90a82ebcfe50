//! The three services, played by one: small, honest, and in trouble on command.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::{
    Currency, Customer, Id, Method, Money, Order, OrderStatus, Payment, PaymentStatus, Product, RefundProgress,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::upstream::{Reply, Seen, Upstream};

/// What goes wrong at a step.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing happens, and the answer is this status.
    Status(u16),
    /// It happens, but the answer is a 500.
    Lost,
    /// It happens, but the answer takes this many milliseconds.
    Slow(u64),
    /// It happens once the test says so.
    Held,
}

#[derive(Default)]
struct State {
    orders: HashMap<String, Order>,
    payments: HashMap<String, Payment>,
    charges: usize,
    stock: i64,
    faults: HashMap<String, VecDeque<Fault>>,
}

/// The shop, as tests look at it.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) upstream: Upstream,
    state: Arc<Mutex<State>>,
    held: Arc<Semaphore>,
}

impl Shop {
    pub(crate) fn with_stock(stock: i64) -> Self {
        let state = Arc::new(Mutex::new(State { stock, ..State::default() }));
        let behind = Arc::clone(&state);
        let held = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&held);
        let upstream = Upstream::start(move |seen| serve(Arc::clone(&behind), Arc::clone(&gate), seen));
        Self { upstream, state, held }
    }

    /// What is held goes on.
    pub(crate) fn release(&self) {
        self.held.add_permits(1);
    }

    /// The next times somebody asks for `step` (such as `PUT payments`), this goes wrong.
    pub(crate) fn fails(&self, step: &str, faults: &[Fault]) {
        self.state.lock().unwrap().faults.insert(step.to_owned(), faults.iter().copied().collect());
    }

    pub(crate) fn stock(&self) -> i64 {
        self.state.lock().unwrap().stock
    }

    pub(crate) fn charges(&self) -> usize {
        self.state.lock().unwrap().charges
    }

    pub(crate) fn orders(&self) -> Vec<Order> {
        self.state.lock().unwrap().orders.values().cloned().collect()
    }

    /// The statuses of its payments.
    pub(crate) fn payments(&self) -> Vec<PaymentStatus> {
        self.state.lock().unwrap().payments.values().map(|payment| payment.status).collect()
    }
}

/// A customer whom nobody knows.
pub(crate) const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An order of one unit.
pub(crate) fn order_of(customer: Id<Customer>, token: &str) -> Value {
    json!({
        "customer_id": customer,
        "items": [{"product_id": Id::<Product>::mint(), "quantity": 1}],
        "payment": {"method": "card", "token": token},
    })
}

async fn serve(state: Arc<Mutex<State>>, held: Arc<Semaphore>, seen: Seen) -> Reply {
    let line = seen.line.replace("POST /auth/token", "POST /token/x/grant");
    let parts = line.split(['/', ' ']).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let action = parts.get(3).copied().unwrap_or_default();
    let step = [parts[0], parts[1], action].join(" ").trim().to_owned();
    let fault = state.lock().unwrap().faults.get_mut(&step).and_then(VecDeque::pop_front);
    if let Some(Fault::Status(status)) = fault {
        return problem(status, "trouble", "on command");
    }
    if let Some(Fault::Held) = fault {
        drop(held.acquire().await);
    }
    let reply = state.lock().unwrap().act(&step, parts[2], &seen);
    match fault {
        Some(Fault::Lost) => problem(500, "internal", "lost"),
        Some(Fault::Slow(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            reply
        }
        _ => reply,
    }
}

impl State {
    fn act(&mut self, step: &str, id: &str, seen: &Seen) -> Reply {
        match step {
            "POST token grant" => Reply::Json(200, json!({"access_token": "our-own", "expires_in": 900})),
            _ if seen.header("authorization").as_deref() != Some("Bearer our-own") => {
                problem(401, "invalid-token", "x")
            }
            "GET customers" if id == NOBODY => problem(404, "not-found", "no"),
            "GET customers" => Reply::Json(200, customer(id)),
            "PUT orders" => self.create(id, &seen.json()),
            "POST orders confirm" => self.confirm(id, &seen.json()),
            "POST orders cancel" => self.cancel(id, &seen.json()),
            "PUT payments" => self.charge(id, &seen.json()),
            "POST payments void" => self.give_back(id),
            other => problem(404, "not-found", other),
        }
    }

    fn create(&mut self, id: &str, new: &Value) -> Reply {
        if let Some(order) = self.orders.get(id) {
            return Reply::Json(200, json!(order));
        }
        let quantity = new["items"][0]["quantity"].as_i64().unwrap();
        if self.stock < quantity {
            return problem(409, "out-of-stock", "none left");
        }
        self.stock -= quantity;
        let order = Order {
            id: id.parse().unwrap(),
            customer_id: serde_json::from_value(new["customer_id"].clone()).unwrap(),
            status: OrderStatus::Pending,
            items: Vec::new(),
            total: Money::new(1000 * quantity, Currency::EUR).unwrap(),
            shipping_address: None,
            payment_id: None,
            refund: RefundProgress::None,
            cancel_reason: None,
            shipment: None,
            history: Vec::new(),
            created_at: epoch(),
            updated_at: epoch(),
        };
        self.orders.insert(id.to_owned(), order.clone());
        Reply::Json(201, json!(order))
    }

    fn confirm(&mut self, id: &str, body: &Value) -> Reply {
        match self.orders.get_mut(id) {
            Some(order) if order.status == OrderStatus::Cancelled => problem(409, "order-cancelled", "too late"),
            Some(order) => {
                order.status = OrderStatus::Confirmed;
                order.payment_id = serde_json::from_value(body["payment_id"].clone()).unwrap();
                Reply::Json(200, json!(order))
            }
            None => problem(404, "not-found", "no"),
        }
    }

    fn cancel(&mut self, id: &str, body: &Value) -> Reply {
        let Some(order) = self.orders.get_mut(id) else { return Reply::With(204, Vec::new(), String::new()) };
        if order.status == OrderStatus::Pending {
            order.status = OrderStatus::Cancelled;
            order.cancel_reason = body["reason"].as_str().map(str::to_owned);
            self.stock += order.total.amount() / 1000;
        }
        Reply::Json(200, json!(order))
    }

    fn charge(&mut self, id: &str, new: &Value) -> Reply {
        let declined = new["token"] == "tok_declined";
        let status = if declined { PaymentStatus::Declined } else { PaymentStatus::Captured };
        if !self.payments.contains_key(id) {
            self.charges += usize::from(!declined);
            let amount: Money = serde_json::from_value(new["amount"].clone()).unwrap();
            let payment = Payment {
                id: id.parse().unwrap(),
                order_id: serde_json::from_value(new["order_id"].clone()).unwrap(),
                customer_id: serde_json::from_value(new["customer_id"].clone()).unwrap(),
                amount,
                refunded: Money::new(0, Currency::EUR).unwrap(),
                status,
                method: Method::Card,
                decline_reason: None,
                created_at: epoch(),
                updated_at: epoch(),
            };
            self.payments.insert(id.to_owned(), payment);
        }
        if declined {
            problem(402, "payment-declined", "the provider declined the payment: insufficient funds")
        } else {
            Reply::Json(201, json!(self.payments[id]))
        }
    }

    fn give_back(&mut self, id: &str) -> Reply {
        let Some(payment) = self.payments.get_mut(id) else { return Reply::With(204, Vec::new(), String::new()) };
        if payment.status == PaymentStatus::Captured {
            payment.status = PaymentStatus::Refunded;
        }
        Reply::Json(200, json!(payment))
    }
}

fn customer(id: &str) -> Value {
    json!({"id": id, "email": "a@b.c", "name": "Ada", "status": "active", "created_at": epoch(), "updated_at": epoch()})
}

fn problem(status: u16, name: &str, detail: &str) -> Reply {
    let kind = format!("urn:problem:{name}");
    Reply::Json(status, json!({"type": kind, "title": name, "status": status, "detail": detail, "instance": "theirs"}))
}

fn epoch() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}
