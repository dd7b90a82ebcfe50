//! How often a caller or an address may ask.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use chassis::{Failure, Kind};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use serde::Deserialize;

/// `[rate.<name>]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// By whom requests are counted.
    pub by: By,
    /// How many in a minute.
    pub per_minute: NonZeroU32,
    /// How many at once.
    pub burst: NonZeroU32,
}

/// By whom requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The token's subject; the address where there is none.
    Caller,
    /// The address.
    Address,
}

/// Who is counted. A subject is kept as its hash, and an IPv6 address as its network, since one household has 2⁶⁴.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Caller(u64),
}

type Limiter = RateLimiter<Key, DefaultKeyedStateStore<Key>, DefaultClock, StateInformationMiddleware>;

/// A limit, and who has used how much of it.
pub struct Limit {
    rate: Rate,
    interval: Duration,
    limiter: Limiter,
    clock: DefaultClock,
}

/// Every limit, by name.
#[derive(Clone)]
pub struct Limits(Arc<BTreeMap<String, Arc<Limit>>>);

/// How a caller stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    limit: u32,
    remaining: u32,
    reset_s: u64,
}

impl Limits {
    /// These limits, unused.
    pub fn new(rates: &BTreeMap<String, Rate>) -> Self {
        Self(Arc::new(rates.iter().map(|(name, rate)| (name.clone(), Arc::new(Limit::new(*rate)))).collect()))
    }

    /// The limit of this name.
    pub fn find(&self, name: &str) -> Option<Arc<Limit>> {
        self.0.get(name).cloned()
    }

    /// What routes may name.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Forgets those who have not asked of late; to be called now and then, or memory grows with every address.
    pub fn forget_idle(&self) {
        for limit in self.0.values() {
            limit.limiter.retain_recent();
            limit.limiter.shrink_to_fit();
        }
    }
}

impl Limit {
    fn new(rate: Rate) -> Self {
        let interval = Duration::from_mins(1) / rate.per_minute.get();
        let quota = Quota::per_minute(rate.per_minute).allow_burst(rate.burst);
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Self { rate, interval, limiter, clock: DefaultClock::default() }
    }

    /// Counts a request by `subject`, or else `address`.
    pub fn count(&self, subject: Option<&str>, address: IpAddr) -> (Standing, Result<(), Failure>) {
        let key = match (self.rate.by, subject) {
            (By::Caller, Some(subject)) => Key::caller(subject),
            _ => Key::address(address),
        };
        match self.limiter.check_key(&key) {
            Ok(state) => (self.standing(&state), Ok(())),
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now());
                metrics::counter!("esb_rate_limited_total").increment(1);
                (self.spent(), Err(too_many(wait)))
            }
        }
    }

    fn standing(&self, state: &StateSnapshot) -> Standing {
        let (limit, remaining) = (self.rate.burst.get(), state.remaining_burst_capacity());
        let missing = self.interval * limit.saturating_sub(remaining);
        Standing { limit, remaining, reset_s: missing.as_secs() + u64::from(missing.subsec_nanos() > 0) }
    }

    fn spent(&self) -> Standing {
        let limit = self.rate.burst.get();
        let missing = self.interval * limit;
        Standing { limit, remaining: 0, reset_s: missing.as_secs().max(1) }
    }
}

impl Key {
    fn caller(subject: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        subject.hash(&mut hasher);
        Self::Caller(hasher.finish())
    }

    fn address(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

fn too_many(wait: Duration) -> Failure {
    let detail = "you ask too often: wait for as long as `Retry-After` says";
    Failure::new(Kind::TooMany, "too-many-requests", detail).retry_after(wait)
}

impl Standing {
    /// Tells the caller.
    pub fn write(self, headers: &mut HeaderMap) {
        let lines = [
            ("ratelimit-limit", u64::from(self.limit)),
            ("ratelimit-remaining", u64::from(self.remaining)),
            ("ratelimit-reset", self.reset_s),
        ];
        for (name, value) in lines {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn limit(by: By) -> Limit {
        let number = |value| NonZeroU32::new(value).unwrap();
        Limit::new(Rate { by, per_minute: number(60), burst: number(3) })
    }

    #[test]
    fn the_burst_is_counted_down_and_then_refused() {
        let limit = limit(By::Address);
        let counted = [(); 4].map(|()| limit.count(None, HOME));
        assert_eq!(counted.each_ref().map(|(standing, _)| standing.remaining), [2, 1, 0, 0]);
        assert_eq!(counted.each_ref().map(|(_, passed)| passed.is_ok()), [true, true, true, false]);
        assert!(counted.iter().all(|(standing, _)| (1..=3).contains(&standing.reset_s)));
    }

    #[test]
    fn callers_are_counted_apart_wherever_they_come_from() {
        let limit = limit(By::Caller);
        assert!((0..3).all(|_| limit.count(Some("ada"), HOME).1.is_ok()));
        assert!(limit.count(Some("ada"), IpAddr::V6(Ipv6Addr::LOCALHOST)).1.is_err());
        assert!(limit.count(Some("bob"), HOME).1.is_ok() && limit.count(None, HOME).1.is_ok());
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let limit = limit(By::Address);
        let addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8:0:1::1"];
        let passed = addresses.map(|text| limit.count(None, text.parse().unwrap()).1.is_ok());
        assert_eq!(passed, [true, true, true, false, true]);
    }
}
