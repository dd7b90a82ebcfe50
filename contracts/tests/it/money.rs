//! Money: never negative, never mixed, never silently wrong.

use contracts::{AMOUNT_MAX, Currency, Money, MoneyError};
use proptest::prelude::*;

fn euros(amount: i64) -> Money {
    Money::new(amount, Currency::EUR).unwrap()
}

proptest! {
    #[test]
    fn what_is_added_can_be_taken_away(a in 0..=AMOUNT_MAX, b in 0..=AMOUNT_MAX) {
        match euros(a).plus(euros(b)) {
            Ok(sum) => prop_assert_eq!(sum.minus(euros(b)), Ok(euros(a))),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::OutOfRange);
                prop_assert!(a + b > AMOUNT_MAX);
            }
        }
    }

    #[test]
    fn times_is_repeated_addition(a in 0..=1_000_000_i64, quantity in 0..200_u32) {
        let mut sum = euros(0);
        for _ in 0..quantity {
            sum = sum.plus(euros(a)).unwrap();
        }
        prop_assert_eq!(euros(a).times(quantity), Ok(sum));
    }

    #[test]
    fn only_whole_amounts_in_range_are_read(amount: i64) {
        let json = format!(r#"{{"amount":{amount},"currency":"EUR"}}"#);
        let read = serde_json::from_str::<Money>(&json);
        prop_assert_eq!(read.is_ok(), (0..=AMOUNT_MAX).contains(&amount));
    }
}

#[test]
fn too_much_is_refused() {
    assert_eq!(euros(AMOUNT_MAX).plus(euros(1)), Err(MoneyError::OutOfRange));
    assert_eq!(euros(AMOUNT_MAX).times(2), Err(MoneyError::OutOfRange));
    assert_eq!(euros(1).minus(euros(2)), Err(MoneyError::OutOfRange));
}

#[test]
fn currencies_do_not_mix() {
    let dollars = Money::new(1, "USD".parse().unwrap()).unwrap();
    assert!(matches!(euros(1).plus(dollars), Err(MoneyError::MixedCurrencies(..))));
}

#[test]
fn floats_and_unknown_currencies_are_not_money() {
    for json in [
        r#"{"amount":1.0,"currency":"EUR"}"#,
        r#"{"amount":1e3,"currency":"EUR"}"#,
        r#"{"amount":"1","currency":"EUR"}"#,
        r#"{"amount":1,"currency":"eur"}"#,
        r#"{"amount":1,"currency":"XXX"}"#,
        r#"{"amount":1,"currency":"EUR","scale":2}"#,
        r#"{"amount":1}"#,
    ] {
        assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
    }
}
