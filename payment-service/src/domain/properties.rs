//! Whatever happens to a payment, in whatever order: its state is the fold of its log, and no money is made or lost.

use chrono::DateTime;
use contracts::{Currency, Id, Method, Money, NewPayment, NewRefund, PaymentStatus, RefundStatus, Timestamp};
use proptest::prelude::*;

use super::{Account, Asked, Cancelled, Charged, Fact, Reason, RefundRequest, Refunded, Step, fold};

#[derive(Debug, Clone)]
enum Event {
    Captured,
    Declined,
    Closed,
    VoidAsked,
    RefundAsked(i64),
    RefundDone(usize),
    RefundDeclined(usize),
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Captured),
        1 => Just(Event::Declined),
        1 => Just(Event::Closed),
        1 => Just(Event::VoidAsked),
        4 => (1..2_000_i64).prop_map(Event::RefundAsked),
        4 => (0..4_usize).prop_map(Event::RefundDone),
        1 => (0..4_usize).prop_map(Event::RefundDeclined),
    ]
}

fn now() -> Timestamp {
    DateTime::UNIX_EPOCH
}

fn opened(amount: i64) -> Account {
    let amount = Money::new(amount, Currency::EUR).unwrap();
    let (order_id, customer_id) = (Id::mint(), Id::mint());
    let new = NewPayment { order_id, customer_id, amount, method: Method::Card, token: "tok_visa".to_owned() };
    Asked::parse(Id::mint(), &new).unwrap().open("client:esb", now()).unwrap()
}

fn refund(account: &Account, amount: i64) -> Option<Step> {
    let amount = Some(Money::new(amount, Currency::EUR).unwrap());
    let new = NewRefund { amount, reason: "because".to_owned() };
    let request = RefundRequest::parse(&new, account, "operator:ada").unwrap();
    account.refund_asked(&request, now()).ok().flatten()
}

fn captured() -> Charged {
    Charged::Captured { reference: "ch_1".to_owned() }
}

fn step(account: &Account, event: &Event) -> Option<Step> {
    let open = |place: usize| account.standing.open.get(place).map(|open| open.id);
    let declined = || "declined".to_owned();
    match event {
        Event::Captured => account.charged(&captured(), now()),
        Event::Declined => account.charged(&Charged::Declined { reason: declined() }, now()),
        Event::Closed => account.cancelled(&Cancelled::NotCharged, now()),
        Event::VoidAsked => account.void_asked(&Reason::parse("undone").unwrap(), "client:esb", now()),
        Event::RefundAsked(amount) => refund(account, *amount),
        Event::RefundDone(place) => {
            account.refund_settled(open(*place)?, &Refunded::Succeeded { reference: "re_1".to_owned() }, now())
        }
        Event::RefundDeclined(place) => {
            account.refund_settled(open(*place)?, &Refunded::Declined { reason: declined() }, now())
        }
    }
}

fn sum(account: &Account, fact: Fact) -> i64 {
    account.log.iter().filter(|entry| entry.fact == fact).map(|entry| entry.amount).sum()
}

fn check(account: &Account) {
    let standing = &account.standing;
    assert_eq!(fold(&account.log).as_ref(), Ok(standing), "the state is the fold of the log");
    let taken = sum(account, Fact::CHARGED);
    assert_eq!(taken, standing.captured_amount());
    assert_eq!(sum(account, Fact::REFUNDED), standing.refunded);
    assert_eq!(standing.left() + standing.reserved_amount(), taken, "each unit is left or reserved, once");
    assert!((0..=taken).contains(&standing.refunded) && standing.left() >= 0);
    assert_eq!(standing.status == PaymentStatus::Refunded, taken > 0 && standing.refunded == taken);
    assert_eq!(standing.status == PaymentStatus::PartiallyRefunded, (1..taken).contains(&standing.refunded));
    assert!(standing.status != PaymentStatus::Voided || taken == 0, "money is never kept for a voided payment");
    for length in 1..account.log.len() {
        assert!(fold(&account.log[..length]).is_ok(), "each beginning of a log is a log");
    }
}

proptest! {
    #[test]
    fn the_state_is_the_fold_of_the_log(amount in 1..5_000_i64, events in prop::collection::vec(any_event(), 0..40)) {
        let mut account = opened(amount);
        for event in events {
            let Some(step) = step(&account, &event) else { continue };
            let (next, stages) = account.after(&step, now()).expect("the domain decides on legal steps only");
            assert_eq!(next.version, account.version + 1);
            assert_eq!(stages.last().map(|(_, stage)| &stage.standing), Some(&next.standing));
            assert!(next.log.starts_with(&account.log), "the log only grows");
            account = next;
            check(&account);
        }
    }

    #[test]
    fn random_splits_give_back_exactly_what_was_taken(amount in 1..1_000_000_i64, parts in prop::collection::vec(1..50_000_i64, 0..60)) {
        let mut account = opened(amount);
        account = account.after(&account.charged(&captured(), now()).unwrap(), now()).unwrap().0;
        for part in parts {
            let Some(step) = refund(&account, part) else { continue };
            account = account.after(&step, now()).unwrap().0;
            account = account.after(&step_done(&account), now()).unwrap().0;
        }
        if let Some(step) = refund(&account, account.standing.left().max(1)) {
            account = account.after(&step, now()).unwrap().0;
            account = account.after(&step_done(&account), now()).unwrap().0;
        }
        check(&account);
        assert_eq!(account.standing.refunded, amount);
        assert_eq!(account.standing.status, PaymentStatus::Refunded);
        assert!(refund(&account, 1).is_none(), "nothing is left");
    }

    #[test]
    fn a_log_in_any_other_order_is_refused_or_folds_alike(swap in any::<prop::sample::Index>(), amount in 10..1_000_i64) {
        let mut account = opened(amount);
        account = account.after(&account.charged(&captured(), now()).unwrap(), now()).unwrap().0;
        account = account.after(&refund(&account, amount).unwrap(), now()).unwrap().0;
        account = account.after(&step_done(&account), now()).unwrap().0;
        let mut log = account.log.clone();
        let place = swap.index(log.len() - 1);
        log.swap(place, place + 1);
        assert!(fold(&log).is_err(), "{log:?}");
    }
}

fn step_done(account: &Account) -> Step {
    step(account, &Event::RefundDone(0)).expect("a refund is open")
}

#[test]
fn a_refund_is_told_by_its_entries() {
    let account = opened(100);
    let account = account.after(&account.charged(&captured(), now()).unwrap(), now()).unwrap().0;
    let account = account.after(&refund(&account, 40).unwrap(), now()).unwrap().0;
    let id = account.standing.open[0].id;
    assert_eq!(account.refund(id).unwrap().status, RefundStatus::Pending);
    let done = account.after(&step_done(&account), now()).unwrap().0;
    assert_eq!(done.refund(id).unwrap().status, RefundStatus::Succeeded);
    assert_eq!(done.refund(id).unwrap().amount.amount(), 40);
    let declined = account.after(&step(&account, &Event::RefundDeclined(0)).unwrap(), now()).unwrap().0;
    assert_eq!(declined.refund(id).unwrap().status, RefundStatus::Declined);
    assert_eq!(declined.standing.left(), 100, "what was reserved is free again");
}
