//! How instances are: each is asked at most once a second, however many want to know.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chassis::is_xml_text;
use contracts::ServiceCheck;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use super::Outside;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(1);
/// How much a service may say of its health.
pub(super) const SIZE_MAX: usize = 16 << 10;
/// How many of its needs are told on, and how long their texts are.
const CHECKS_MAX: usize = 32;
const TEXT_MAX: usize = 200;

/// Asks instances how they are.
#[derive(Clone)]
pub struct Probes(Arc<Inner>);

struct Inner {
    outside: Outside,
    known: Mutex<HashMap<String, Asked>>,
}

/// When an instance was asked, and what it said.
type Asked = (Instant, Arc<OnceCell<Probe>>);

/// How an instance is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Probe {
    /// Whether it says that it is ready; one that has no `/health/ready` is, since it answers.
    pub ready: bool,
    /// How long it took to answer, if it did.
    pub latency: Option<Duration>,
    /// What it needs, if it says so.
    pub checks: Option<Vec<ServiceCheck>>,
}

/// What is told at `/health/ready`: `{"status": "up", "checks": {"postgresql": "up"}}`.
#[derive(Deserialize)]
struct Ready {
    checks: Map<String, Value>,
}

impl Probes {
    /// Asks by these means.
    pub fn new(outside: Outside) -> Self {
        Self(Arc::new(Inner { outside, known: Mutex::default() }))
    }

    /// How the instance at this address is, as of a second ago at most.
    pub async fn of(&self, base: &str) -> Probe {
        let cell = self.cell(base);
        cell.get_or_init(|| self.0.outside.probe(base)).await.clone()
    }

    fn cell(&self, base: &str) -> Arc<OnceCell<Probe>> {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (asked, _)| asked.elapsed() < FRESH);
        let (_, cell) = known.entry(base.to_owned()).or_insert_with(|| (Instant::now(), Arc::default()));
        Arc::clone(cell)
    }
}

/// The needs in what a service says; nothing where it says something else, or too much.
pub(super) fn checks(body: &[u8]) -> Option<Vec<ServiceCheck>> {
    let ready: Ready = serde_json::from_slice(body).ok()?;
    let told = ready.checks.into_iter().take(CHECKS_MAX).filter_map(|(name, said)| check(name, &said));
    Some(told.collect())
}

fn check(name: String, said: &Value) -> Option<ServiceCheck> {
    let fits = |text: &str| text.len() <= TEXT_MAX && is_xml_text(text);
    let (healthy, detail) = match said {
        Value::Bool(healthy) => (*healthy, None),
        Value::String(text) if text == "up" || text == "down" => (text == "up", None),
        Value::String(text) => (false, Some(text.clone()).filter(|text| fits(text))),
        _ => return None,
    };
    fits(&name).then_some(ServiceCheck { name, healthy, detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_read_as_they_are_told_and_nothing_is_believed_blindly() {
        let told =
            checks(br#"{"status": "down", "checks": {"mysql": "up", "rabbitmq": "down", "disk": "full", "x": 1}}"#);
        let told = told.unwrap().into_iter().map(|check| (check.name, check.healthy, check.detail)).collect::<Vec<_>>();
        let full = ("disk".to_owned(), false, Some("full".to_owned()));
        assert_eq!(told, [full, ("mysql".to_owned(), true, None), ("rabbitmq".to_owned(), false, None)]);
        assert_eq!(checks(b"fine"), None);
        let many = (0..100).map(|number| format!(r#""{number}": "up""#)).collect::<Vec<_>>().join(",");
        assert_eq!(checks(format!(r#"{{"checks": {{{many}}}}}"#).as_bytes()).unwrap().len(), CHECKS_MAX);
    }
}
