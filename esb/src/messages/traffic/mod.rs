//! How much passes, how fast and how well: by route and door, and by the services that are asked. In memory, for a day,
//! and never in the way of what passes: a count is two numbers under a lock that nobody holds for long.

mod gauges;
mod latencies;
mod series;
mod track;
mod window;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chassis::Clock;
use chrono::{DateTime, Utc};

use self::gauges::Gauge;
pub use self::series::{Minute, Series, Told, Usage};
use self::track::Track;
use super::{Door, Outcome};

/// How often gauges are looked at.
const SAMPLE_EVERY: Duration = Duration::from_secs(1);
/// How many services are told apart; those that routes and sagas ask are far fewer.
const SERVICES_MAX: usize = 256;

/// The figures of this process.
#[derive(Clone, Default)]
pub struct Traffic(Arc<Inner>);

#[derive(Default)]
struct Inner {
    clock: Clock,
    routes: RwLock<BTreeMap<String, Doors>>,
    services: RwLock<BTreeMap<String, Track>>,
    gauges: RwLock<Vec<Gauge>>,
}

/// What passed a route, by its doors.
#[derive(Clone, Default)]
struct Doors {
    http: Track,
    soap: Track,
    amqp: Track,
}

/// Where what passes is counted.
#[derive(Clone, Default)]
pub struct Tally {
    doors: Doors,
    clock: Clock,
}

/// A call to a service that is under way.
pub struct Asking {
    track: Option<Track>,
    clock: Clock,
    began: std::time::Instant,
    patience: Duration,
}

impl Traffic {
    /// By this clock.
    pub fn new(clock: &Clock) -> Self {
        Self(Arc::new(Inner { clock: clock.clone(), ..Inner::default() }))
    }

    /// The time by which it counts.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Where what passes this route is counted.
    pub fn route(&self, name: &str) -> Tally {
        let mut routes = self.0.routes.write().unwrap_or_else(PoisonError::into_inner);
        let doors = routes.entry(name.to_owned()).or_default().clone();
        Tally { doors, clock: self.0.clock.clone() }
    }

    /// A call to a service begins; after `patience` it has failed, even if nobody waits for it any more.
    pub fn ask(&self, service: Option<&str>, patience: Duration) -> Asking {
        let track = service.and_then(|name| self.service(name));
        Asking { track, clock: self.0.clock.clone(), began: std::time::Instant::now(), patience }
    }

    /// From now on `look` is asked every second how many of `limit` are in use.
    pub fn watch(&self, name: &'static str, limit: usize, look: impl Fn() -> usize + Send + Sync + 'static) {
        let gauge = Gauge::new(name, limit, look);
        self.0.gauges.write().unwrap_or_else(PoisonError::into_inner).push(gauge);
    }

    /// Looks at the gauges, for ever.
    pub async fn keep_looking(self) {
        loop {
            let second = second(&self.0.clock);
            self.gauges().iter().for_each(|gauge| gauge.sample(second));
            tokio::time::sleep(SAMPLE_EVERY).await;
        }
    }

    fn service(&self, name: &str) -> Option<Track> {
        let known = self.0.services.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(track) = known.get(name) {
            return Some(track.clone());
        }
        // Nobody waits for a place that there is not.
        if known.len() >= SERVICES_MAX {
            return None;
        }
        drop(known);
        let mut services = self.0.services.write().unwrap_or_else(PoisonError::into_inner);
        if services.len() >= SERVICES_MAX {
            return None;
        }
        Some(services.entry(name.to_owned()).or_default().clone())
    }

    fn gauges(&self) -> Vec<Gauge> {
        self.0.gauges.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tally {
    /// Counts one.
    pub fn count(&self, door: Door, outcome: Outcome, elapsed: Duration) {
        self.doors.at(door).add(second(&self.clock), outcome, elapsed);
    }
}

impl Doors {
    const fn at(&self, door: Door) -> &Track {
        match door {
            Door::Http => &self.http,
            Door::Soap => &self.soap,
            Door::Amqp => &self.amqp,
        }
    }
}

impl Asking {
    /// It was answered like this.
    pub fn answered(mut self, outcome: Outcome) {
        if let Some(track) = self.track.take() {
            track.add(second(&self.clock), outcome, self.began.elapsed());
        }
    }
}

/// Whoever gives up early does not say that the service failed.
impl Drop for Asking {
    fn drop(&mut self) {
        let elapsed = self.began.elapsed();
        if let Some(track) = self.track.take().filter(|_| elapsed >= self.patience) {
            track.add(second(&self.clock), Outcome::Failed, elapsed);
        }
    }
}

fn second(clock: &Clock) -> u64 {
    u64::try_from(clock.now().timestamp()).unwrap_or(0)
}
