//! Taking the money: what is asked for, what the provider says, and what that leads to.

use contracts::{Customer, FieldError, Id, Method, Money, NewPayment, Order, Payment, PaymentStatus, Timestamp};

use super::{Account, Entry, Fact, PaymentError, Standing, Step, Token};

/// A payment that may be asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    id: Id<Payment>,
    order_id: Id<Order>,
    customer_id: Id<Customer>,
    amount: Money,
    method: Method,
    token: Token,
}

/// What the provider says to a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// It took the money.
    Captured {
        /// Its name for that.
        reference: String,
    },
    /// It took nothing, and will not under this id.
    Declined {
        /// In `snake_case`.
        reason: String,
    },
}

impl Asked {
    /// The payment `id` as `new` wants it; every mistake at once.
    pub fn parse(id: Id<Payment>, new: &NewPayment) -> Result<Self, PaymentError> {
        let mut errors = Vec::new();
        if new.amount.is_zero() {
            errors.push(FieldError::new("/amount/amount", "must be above 0"));
        }
        let NewPayment { order_id, customer_id, amount, method, .. } = *new;
        match Token::parse(&new.token) {
            Ok(token) if errors.is_empty() => Ok(Self { id, order_id, customer_id, amount, method, token }),
            Ok(_) => Err(PaymentError::Invalid(errors)),
            Err(error) => {
                errors.push(error);
                Err(PaymentError::Invalid(errors))
            }
        }
    }

    /// The payment's id.
    pub const fn id(&self) -> Id<Payment> {
        self.id
    }

    /// The account that begins with it: pending, with the charge entered as asked.
    pub fn open(&self, by: &str, now: Timestamp) -> Result<Account, PaymentError> {
        let charge = Id::<contracts::Transaction>::mint().uuid();
        let log = vec![Entry::new(charge, Fact::CHARGE_ASKED, self.amount.amount(), now).by(by)];
        Ok(Account {
            id: self.id,
            order_id: self.order_id,
            customer_id: self.customer_id,
            amount: self.amount,
            method: self.method,
            token: self.token.clone(),
            standing: super::fold(&log)?,
            log,
            keys: Vec::new(),
            version: 0,
            created_at: now,
            updated_at: now,
        })
    }

    /// Whether this is what the account was opened with.
    pub fn is_same(&self, account: &Account) -> bool {
        let ids = (self.order_id, self.customer_id) == (account.order_id, account.customer_id);
        ids && self.amount == account.amount && self.method == account.method && self.token == account.token
    }
}

impl Account {
    /// Enters what the provider said; nothing where that is entered already. A charge that succeeds after somebody
    /// asked for a void is given back at once, in the same step.
    pub fn charged(&self, verdict: &Charged, at: Timestamp) -> Option<Step> {
        let Standing { charge, amount, void, .. } = self.standing;
        if self.standing.status != PaymentStatus::Pending {
            return None;
        }
        let mut entries = Vec::new();
        match verdict {
            Charged::Captured { reference } => {
                entries.push(Entry::new(charge, Fact::CHARGED, amount, at).reference(reference));
                entries.extend(void.map(|_| self.give_back(amount, at)));
            }
            Charged::Declined { reason } => {
                entries.push(Entry::new(charge, Fact::CHARGE_DECLINED, amount, at).reason(reason));
                entries.extend(void.map(|void| Entry::new(void, Fact::VOIDED, amount, at)));
            }
        }
        Some(Step { entries, key: None })
    }

    /// What a charge that is asked for again comes to; `None` while the provider's answer is open.
    pub fn outcome(&self) -> Option<Result<(), PaymentError>> {
        if self.standing.void.is_some() {
            return Some(Err(PaymentError::Voided));
        }
        match self.standing.status {
            PaymentStatus::Pending => None,
            PaymentStatus::Voided => Some(Err(PaymentError::Voided)),
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => Some(Ok(())),
            PaymentStatus::Declined => {
                let reason = self.standing.decline_reason.clone().unwrap_or_else(|| "declined".to_owned());
                Some(Err(PaymentError::Declined { reason }))
            }
        }
    }
}
