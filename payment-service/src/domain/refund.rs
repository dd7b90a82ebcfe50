//! Giving money back: all that is left, or some of it.

use contracts::{FieldError, Id, Money, NewRefund, Refund, Timestamp};
use uuid::Uuid;

use super::{Account, Entry, Fact, Key, PaymentError, Reason, Standing, Step};

/// How many refunds of less than all that is left a payment takes, so that its log stays readable.
const REFUNDS_MAX: usize = 500;

/// A refund that may be asked for.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// Its id, minted before the provider hears of it.
    pub id: Id<Refund>,
    /// How much; all that is left where absent.
    pub amount: Option<Money>,
    /// Why.
    pub reason: Reason,
    /// Who asks.
    pub by: String,
    /// Under which key it must not be carried out twice.
    pub key: Option<String>,
}

/// What the provider says to a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refunded {
    /// The money is back.
    Succeeded {
        /// Its name for that.
        reference: String,
    },
    /// It gave nothing back, and will not under this id.
    Declined {
        /// In `snake_case`.
        reason: String,
    },
}

impl RefundRequest {
    /// The refund that `new` wants, for `by`, of this account; every mistake at once.
    pub fn parse(new: &NewRefund, account: &Account, by: &str) -> Result<Self, PaymentError> {
        let mut errors = Vec::new();
        if new.amount.is_some_and(Money::is_zero) {
            errors.push(FieldError::new("/amount/amount", "must be above 0; leave `amount` out for all that is left"));
        }
        let paid = account.amount.currency();
        if new.amount.is_some_and(|amount| amount.currency() != paid) {
            errors.push(FieldError::new("/amount/currency", format!("must be {paid}, as it was paid")));
        }
        match Reason::parse(&new.reason) {
            Ok(reason) if errors.is_empty() => {
                Ok(Self { id: Id::mint(), amount: new.amount, reason, by: by.to_owned(), key: None })
            }
            Ok(_) => Err(PaymentError::Invalid(errors)),
            Err(error) => {
                errors.push(error);
                Err(PaymentError::Invalid(errors))
            }
        }
    }

    /// To be carried out once under this key of the one who asks.
    #[must_use]
    pub fn once(self, key: &str) -> Self {
        Self { key: Some(format!("{} {key}", self.by)), ..self }
    }

    fn key(&self) -> Option<Key> {
        let key = self.key.clone()?;
        let amount = self.amount.map(Money::amount);
        Some(Key { key, refund: self.id.uuid(), amount, reason: self.reason.as_str().to_owned() })
    }
}

impl Account {
    /// The refund that came of this request before, under its id or its key.
    pub fn refund_before(&self, request: &RefundRequest) -> Result<Option<Uuid>, PaymentError> {
        let id = request.id.uuid();
        if self.log.iter().any(|entry| entry.id == id) {
            return Ok(Some(id));
        }
        let Some(wanted) = request.key() else { return Ok(None) };
        let Some(known) = self.keys.iter().find(|known| known.key == wanted.key) else { return Ok(None) };
        let same = (known.amount, &known.reason) == (wanted.amount, &wanted.reason);
        if same { Ok(Some(known.refund)) } else { Err(PaymentError::KeyReused) }
    }

    /// Reserves the amount; nothing where that was done before. Once entered, no other refund can have it.
    pub fn refund_asked(&self, request: &RefundRequest, at: Timestamp) -> Result<Option<Step>, PaymentError> {
        if self.refund_before(request)?.is_some() {
            return Ok(None);
        }
        let standing = &self.standing;
        if standing.captured_amount() == 0 {
            return Err(PaymentError::NotCaptured(standing.status));
        }
        let left = self.left()?;
        let amount = request.amount.unwrap_or(left);
        if amount.is_zero() || amount.amount() > left.amount() {
            return Err(PaymentError::Exceeds { left });
        }
        let refunds = self.log.iter().filter(|entry| entry.fact == Fact::REFUND_ASKED).count();
        if refunds >= REFUNDS_MAX && amount != left {
            return Err(PaymentError::TooManyRefunds(refunds));
        }
        let entry = Entry::new(request.id.uuid(), Fact::REFUND_ASKED, amount.amount(), at);
        let entry = entry.reason(request.reason.as_str()).by(&request.by);
        Ok(Some(Step { entries: vec![entry], key: request.key() }))
    }

    /// Enters what the provider said to a refund; nothing where that is entered already.
    pub fn refund_settled(&self, id: Uuid, verdict: &Refunded, at: Timestamp) -> Option<Step> {
        let Standing { ref open, refunded, amount, void, .. } = self.standing;
        let open = open.iter().find(|open| open.id == id)?;
        let mut entries = Vec::new();
        match verdict {
            Refunded::Declined { reason } => {
                entries.push(Entry::new(id, Fact::REFUND_DECLINED, open.amount, at).reason(reason));
            }
            Refunded::Succeeded { reference } => {
                let mut entry = Entry::new(id, Fact::REFUNDED, open.amount, at).reference(reference);
                entry.reason = self.refund(id).map(|refund| refund.reason).filter(|reason| !reason.is_empty());
                entries.push(entry);
                let all = refunded.saturating_add(open.amount) == amount;
                entries.extend(void.filter(|_| all).map(|void| Entry::new(void, Fact::VOIDED, amount, at)));
            }
        }
        Some(Step { entries, key: None })
    }
}
