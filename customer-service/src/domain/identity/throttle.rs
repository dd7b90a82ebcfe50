//! Slows down who guesses passwords: failures drain at a steady rate, and where too many have gathered, nobody may try.
//! The owner is kept out only as long as the guessing goes on, and not from the sessions that are open.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::Clock;

use crate::domain::CustomerError;
use crate::settings::Logins;

const MINUTE_US: i64 = 60_000_000;

/// Counts failures for each account, in the memory of this process.
pub(super) struct Throttle {
    clock: Clock,
    /// How long it takes until one failure is forgotten.
    step_us: i64,
    accounts_max: usize,
    /// When the last failure of an account will be forgotten, in microseconds since 1970.
    clean_at_us: Mutex<HashMap<String, i64>>,
}

impl Throttle {
    pub(super) fn new(settings: &Logins, clock: Clock) -> Self {
        let step_us = MINUTE_US / i64::from(settings.failures_per_minute.max(1));
        Self { clock, step_us, accounts_max: settings.accounts_max, clean_at_us: Mutex::default() }
    }

    /// Refuses where the account has failed too often of late.
    pub(super) fn admit(&self, account: &str) -> Result<(), CustomerError> {
        let clean_at_us = self.accounts().get(account).copied().unwrap_or(0);
        let excess_us = clean_at_us - self.now_us() + self.step_us - MINUTE_US;
        match u64::try_from(excess_us) {
            Ok(wait_us) if wait_us > 0 => Err(CustomerError::TooManyAttempts { wait: Duration::from_micros(wait_us) }),
            _ => Ok(()),
        }
    }

    /// Counts a failure.
    pub(super) fn failed(&self, account: &str) {
        let now_us = self.now_us();
        let mut accounts = self.accounts();
        if accounts.len() >= self.accounts_max {
            make_room(&mut accounts, now_us);
        }
        let clean_at_us = accounts.entry(account.to_owned()).or_insert(now_us);
        *clean_at_us = (*clean_at_us).max(now_us) + self.step_us;
    }

    fn now_us(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.clean_at_us.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets who is clean again; where nobody is, the one that will be first.
fn make_room(accounts: &mut HashMap<String, i64>, now_us: i64) {
    let before = accounts.len();
    accounts.retain(|_, clean_at_us| *clean_at_us > now_us);
    if accounts.len() < before {
        return;
    }
    let first = accounts.iter().min_by_key(|(_, clean_at_us)| **clean_at_us).map(|(account, _)| account.clone());
    if let Some(account) = first {
        accounts.remove(&account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(accounts_max: usize) -> (Throttle, Clock) {
        let clock = Clock::frozen(chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000));
        (Throttle::new(&Logins { failures_per_minute: 10, accounts_max }, clock.clone()), clock)
    }

    #[test]
    fn ten_failures_shut_an_account_until_one_is_forgotten() {
        let (throttle, clock) = throttle(10);
        for _ in 0..10 {
            assert!(throttle.admit("ada").is_ok());
            throttle.failed("ada");
        }
        let refused = throttle.admit("ada");
        assert!(matches!(refused, Err(CustomerError::TooManyAttempts { wait }) if wait == Duration::from_secs(6)));
        assert!(throttle.admit("grace").is_ok());
        clock.advance(chrono::Duration::seconds(6));
        assert!(throttle.admit("ada").is_ok());
        throttle.failed("ada");
        assert!(throttle.admit("ada").is_err());
        clock.advance(chrono::Duration::minutes(1));
        assert!(throttle.admit("ada").is_ok());
    }

    #[test]
    fn memory_has_an_end() {
        let (throttle, _) = throttle(3);
        for account in 0..100 {
            throttle.failed(&account.to_string());
        }
        assert_eq!(throttle.accounts().len(), 3);
    }
}
