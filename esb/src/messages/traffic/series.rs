//! What was counted, as it is told.

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::track::{Step, Track};
use super::window::Window;
use super::{Door, Doors, Traffic, second};

/// The three that are told, in thousandths.
const SHARES: [u64; 3] = [500, 950, 990];

/// What passed over a while.
#[derive(Debug, Clone)]
pub struct Told {
    /// When the last step ended.
    pub ends_at: DateTime<Utc>,
    /// How long a step is.
    pub step_seconds: u64,
    /// By route.
    pub routes: Vec<Series>,
    /// By service.
    pub services: Vec<Series>,
    /// Of what there is only so much of.
    pub saturation: Vec<Usage>,
}

/// What passed one way, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The route or service.
    pub name: String,
    /// All there were.
    pub requests: Vec<u32>,
    /// Of these, by the caller's fault.
    pub refused: Vec<u32>,
    /// Of these, by ours.
    pub failed: Vec<u32>,
    /// Half of them took at most so many milliseconds; then 95 and 99 of a hundred.
    pub quantiles: [Vec<Option<f64>>; 3],
}

/// How much was in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Of what.
    pub name: &'static str,
    /// The most within each step.
    pub used: Vec<Option<u64>>,
    /// How much there is.
    pub limit: u64,
}

/// What passed one way within the last minute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Minute {
    /// All there were.
    pub requests: u32,
    /// A second.
    pub rate: f64,
    /// Those that failed, a second.
    pub failed_rate: f64,
    /// 95 of a hundred took at most so many milliseconds.
    pub p95_ms: Option<f64>,
}

impl Traffic {
    /// The last `span` seconds, in whole steps.
    pub fn told(&self, span: u64) -> Told {
        let window = Window::before(second(&self.0.clock), span);
        let usage = |gauge: &super::Gauge| Usage { name: gauge.name, used: gauge.used(&window), limit: gauge.limit };
        Told {
            ends_at: at(window.ends_at()),
            step_seconds: window.grain.seconds(),
            routes: self.routes().iter().map(|(name, doors)| series(name, &doors.all(), &window)).collect(),
            services: self.services().iter().map(|(name, track)| series(name, &[track], &window)).collect(),
            saturation: self.gauges().iter().map(usage).collect(),
        }
    }

    /// What passed these routes by this door within the last minute.
    pub fn minute_of_routes(&self, door: Door, wanted: impl Fn(&str) -> bool) -> Minute {
        let routes = self.routes();
        let tracks = routes.iter().filter(|(name, _)| wanted(name)).map(|(_, doors)| doors.at(door));
        self.minute(tracks)
    }

    /// What this service was asked within the last minute.
    pub fn minute_of_service(&self, name: &str) -> Minute {
        let known = self.0.services.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        self.minute(known.iter())
    }

    fn minute<'a>(&self, tracks: impl Iterator<Item = &'a Track>) -> Minute {
        let (window, seconds) = Window::minute(second(&self.0.clock));
        let mut sum = Step::default();
        for (_, step) in tracks.flat_map(|track| track.steps(&window)) {
            sum.merge(&step);
        }
        let seconds = f64::from(u32::try_from(seconds).unwrap_or(60));
        let rate = |count: u32| (f64::from(count) / seconds * 1000.0).round() / 1000.0;
        let p95_ms = sum.latencies.quantile(950);
        Minute { requests: sum.requests, rate: rate(sum.requests), failed_rate: rate(sum.failed), p95_ms }
    }

    fn routes(&self) -> Vec<(String, Doors)> {
        let routes = self.0.routes.read().unwrap_or_else(PoisonError::into_inner);
        routes.iter().map(|(name, doors)| (name.clone(), doors.clone())).collect()
    }

    fn services(&self) -> Vec<(String, Track)> {
        let services = self.0.services.read().unwrap_or_else(PoisonError::into_inner);
        services.iter().map(|(name, track)| (name.clone(), track.clone())).collect()
    }
}

impl Doors {
    const fn all(&self) -> [&Track; 3] {
        [&self.http, &self.soap, &self.amqp]
    }
}

fn series(name: &str, tracks: &[&Track], window: &Window) -> Series {
    let steps = merged(tracks, window);
    let each = |count: fn(&Step) -> u32| steps.iter().map(|step| step.as_deref().map_or(0, count)).collect();
    let quantile = |share| steps.iter().map(|step| step.as_ref()?.latencies.quantile(share)).collect();
    Series {
        name: name.to_owned(),
        requests: each(|step| step.requests),
        refused: each(|step| step.refused),
        failed: each(|step| step.failed),
        quantiles: SHARES.map(quantile),
    }
}

/// The steps of all tracks, as one.
fn merged(tracks: &[&Track], window: &Window) -> Vec<Option<Arc<Step>>> {
    let mut steps = vec![None; window.len()];
    for (number, step) in tracks.iter().flat_map(|track| track.steps(window)) {
        let Some(place) = window.place(number).and_then(|place| steps.get_mut(place)) else { continue };
        match place {
            None => *place = Some(step),
            Some(sum) => Arc::make_mut(sum).merge(&step),
        }
    }
    steps
}

fn at(second: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(second).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chassis::Clock;

    use super::*;
    use crate::messages::Outcome;

    #[test]
    fn a_route_is_the_sum_of_its_doors_and_a_minute_is_one_of_them() {
        let clock = Clock::frozen(at(1_800_000_000));
        let traffic = Traffic::new(&clock);
        let counter = traffic.route("place-order");
        let ms = Duration::from_millis(100);
        for (door, outcome) in
            [(Door::Http, Outcome::Done), (Door::Soap, Outcome::Refused), (Door::Amqp, Outcome::Failed)]
        {
            counter.count(door, outcome, ms);
        }
        clock.advance(TimeDelta::seconds(5));
        traffic.ask(Some("order-service"), ms).answered(Outcome::Done);
        let told = traffic.told(60);
        assert_eq!((told.ends_at, told.step_seconds, told.routes.len()), (at(1_800_000_005), 5, 1));
        let Series { requests, refused, failed, quantiles, .. } = &told.routes[0];
        assert_eq!(
            (requests.len(), requests.last(), refused.last(), failed.last()),
            (12, Some(&3), Some(&1), Some(&1))
        );
        let p50 = quantiles[0][11].unwrap();
        assert!((75.0..=125.0).contains(&p50) && quantiles[0][10].is_none(), "{p50}");
        assert_eq!(told.services[0].requests.iter().sum::<u32>(), 0, "its step is not over");
        let by_http = traffic.minute_of_routes(Door::Http, |name| name == "place-order");
        assert_eq!((by_http.requests, by_http.failed_rate), (1, 0.0));
        assert!((by_http.rate - 1.0 / 56.0).abs() < 0.001, "{by_http:?}");
        assert_eq!(traffic.minute_of_service("order-service").requests, 1);
        assert_eq!(traffic.minute_of_service("nobody"), Minute::default());
    }

    #[test]
    fn who_gives_up_early_does_not_count_and_who_waits_too_long_does() {
        let traffic = Traffic::new(&Clock::frozen(at(1_800_000_000)));
        drop(traffic.ask(Some("slow"), Duration::from_hours(1)));
        assert_eq!(traffic.minute_of_service("slow").requests, 0);
        drop(traffic.ask(Some("slow"), Duration::ZERO));
        assert!(traffic.minute_of_service("slow").failed_rate > 0.0);
    }
}
