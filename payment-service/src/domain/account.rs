//! A payment with its log, and the step from one state of it to the next.

use contracts::{
    Customer, Id, Method, Money, MoneyError, Order, Payment, Refund, RefundStatus, Timestamp, Transaction,
};
use uuid::Uuid;

use super::{Entry, Fact, Illegal, PaymentError, Standing, Token, fold};

/// A payment with its log.
#[derive(Debug, Clone)]
pub struct Account {
    /// Minted by whoever asked for the payment.
    pub id: Id<Payment>,
    /// What it pays for.
    pub order_id: Id<Order>,
    /// Who pays.
    pub customer_id: Id<Customer>,
    /// What was asked for.
    pub amount: Money,
    /// How it is paid.
    pub method: Method,
    /// With what.
    pub token: Token,
    /// What happened, in order.
    pub log: Vec<Entry>,
    /// Requests that must not be carried out twice.
    pub keys: Vec<Key>,
    /// Where it stands: the fold of `log`.
    pub standing: Standing,
    /// Counts the changes.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A request for a refund that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Who asked, and under which key.
    pub key: String,
    /// The refund that came of it.
    pub refund: Uuid,
    /// The amount in the request, where there was one.
    pub amount: Option<i64>,
    /// The reason in the request.
    pub reason: String,
}

/// What is to be entered next; all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Entries of the log.
    pub entries: Vec<Entry>,
    /// The request that they answer, where it must not be carried out twice.
    pub key: Option<Key>,
}

/// A state of an account after an entry, which others may want to know of.
pub(crate) type Stage = (Fact, Account);

impl Account {
    /// As on the wire.
    pub fn payment(&self) -> Result<Payment, MoneyError> {
        Ok(Payment {
            id: self.id,
            order_id: self.order_id,
            customer_id: self.customer_id,
            amount: self.amount,
            refunded: Money::new(self.standing.refunded, self.amount.currency())?,
            status: self.standing.status,
            method: self.method,
            decline_reason: self.standing.decline_reason.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }

    /// The log as on the wire.
    pub fn transactions(&self) -> Result<Vec<Transaction>, MoneyError> {
        self.log.iter().map(|entry| entry.transaction(self.amount.currency())).collect()
    }

    /// What can still be given back.
    pub fn left(&self) -> Result<Money, MoneyError> {
        Money::new(self.standing.left(), self.amount.currency())
    }

    /// The refund with this id, as its entries tell it.
    pub fn refund(&self, id: Uuid) -> Option<Refund> {
        let mut entries = self.log.iter().filter(|entry| entry.id == id);
        let asked = entries.next().filter(|entry| entry.fact == Fact::REFUND_ASKED)?;
        let last = entries.next_back().map_or(asked.fact, |entry| entry.fact);
        let status = match last {
            Fact::REFUNDED => RefundStatus::Succeeded,
            Fact::REFUND_DECLINED => RefundStatus::Declined,
            _ => RefundStatus::Pending,
        };
        Some(Refund {
            id: Id::from_uuid(id),
            payment_id: self.id,
            amount: Money::new(asked.amount, self.amount.currency()).ok()?,
            status,
            reason: asked.reason.clone().unwrap_or_default(),
            created_at: asked.at,
        })
    }

    /// The account after this step, and the stages on the way there.
    pub fn after(&self, step: &Step, now: Timestamp) -> Result<(Self, Vec<Stage>), Illegal> {
        let mut next = Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() };
        let mut stages = Vec::new();
        for entry in &step.entries {
            next.standing = next.standing.after(entry)?;
            next.log.push(entry.clone());
            stages.push((entry.fact, next.clone()));
        }
        next.keys.extend(step.key.clone());
        Ok((next, stages))
    }

    /// Checks that what the store said of the state is what the log says.
    pub fn agrees_with(&self, stored: &Payment) -> Result<(), PaymentError> {
        let folded = fold(&self.log)?;
        if folded.status == stored.status && folded.refunded == stored.refunded.amount() {
            return Ok(());
        }
        Err(PaymentError::Store(
            format!("payment {} is stored as {}, but its log says {}", self.id, stored.status, folded.status).into(),
        ))
    }
}
