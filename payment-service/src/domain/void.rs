//! Giving a payment up: whatever became of it, no money stays taken.

use contracts::{Id, PaymentStatus, Refund, Timestamp, Transaction};

use super::{Account, Charged, Entry, Fact, Reason, Step};

/// What the provider says when a charge is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    /// It took nothing, and will not under this id, however late the charge comes.
    NotCharged,
    /// It had answered the charge before.
    TooLate(Charged),
}

impl Account {
    /// Asks for a void: from here on the payment ends with no money taken. Nothing where it stands like that already,
    /// or where all is under way.
    pub fn void_asked(&self, reason: &Reason, by: &str, at: Timestamp) -> Option<Step> {
        let standing = &self.standing;
        if !standing.holds_money() && standing.status != PaymentStatus::Pending {
            return None;
        }
        let mut entries = Vec::new();
        if standing.void.is_none() {
            let id = Id::<Transaction>::mint().uuid();
            let entry = Entry::new(id, Fact::VOID_ASKED, standing.amount, at);
            entries.push(entry.reason(reason.as_str()).by(by));
        }
        if standing.left() > 0 {
            entries.push(self.give_back(standing.left(), at).reason(reason.as_str()).by(by));
        }
        (!entries.is_empty()).then_some(Step { entries, key: None })
    }

    /// Enters what the provider said when the charge was given up; nothing where that is entered already.
    pub fn cancelled(&self, answer: &Cancelled, at: Timestamp) -> Option<Step> {
        match (answer, self.standing.void, self.standing.status) {
            (Cancelled::TooLate(verdict), _, _) => self.charged(verdict, at),
            (Cancelled::NotCharged, Some(void), PaymentStatus::Pending) => {
                Some(Step { entries: vec![Entry::new(void, Fact::VOIDED, self.standing.amount, at)], key: None })
            }
            (Cancelled::NotCharged, _, _) => None,
        }
    }

    /// Whether the provider must be asked to close the charge.
    pub fn is_void_open(&self) -> bool {
        self.standing.void.is_some() && self.standing.status == PaymentStatus::Pending
    }

    /// Whether a void has nothing left to do.
    pub fn is_void_done(&self) -> bool {
        match self.standing.status {
            PaymentStatus::Declined | PaymentStatus::Voided | PaymentStatus::Refunded => true,
            PaymentStatus::Pending | PaymentStatus::Captured | PaymentStatus::PartiallyRefunded => false,
        }
    }

    /// The refund that a void is, of what was taken.
    pub(super) fn give_back(&self, amount: i64, at: Timestamp) -> Entry {
        let asked = self.log.iter().rev().find(|entry| entry.fact == Fact::VOID_ASKED);
        let mut entry = Entry::new(Id::<Refund>::mint().uuid(), Fact::REFUND_ASKED, amount, at);
        entry.reason = asked.and_then(|asked| asked.reason.clone());
        entry.by = asked.and_then(|asked| asked.by.clone());
        entry
    }
}
