//! What is wrong with routes: all findings at once, each naming its file and route.

use std::collections::{BTreeSet, HashMap};

use chassis::bus::DEAD_LETTERS;

use super::file::{Format, Route, RouteFile, Target};
use crate::endpoint::gather::{MISSING, Part};
use crate::policy::Allow;
use crate::registry::is_name;

/// Longer would hold connections for the impatient.
const TIMEOUT_MAX_MS: u64 = 60_000;
/// Names become parts of others, which the broker limits to 255 bytes.
const NAME_MAX: usize = 100;

/// What routes may name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Sagas that there are.
    pub sagas: BTreeSet<String>,
    /// Limits in the settings.
    pub rates: BTreeSet<String>,
}

/// Everything that is wrong.
pub fn check(files: &[RouteFile], known: &Known) -> Vec<String> {
    let mut findings = Vec::new();
    let (mut names, mut requests) = (HashMap::new(), HashMap::new());
    for (file, route) in files.iter().flat_map(|file| file.routes.iter().map(move |route| (file, route))) {
        let place = format!("{}: route `{}`", file.name, route.name);
        if let Some(other) = names.insert(route.name.clone(), file.name.clone()) {
            findings.push(format!("{place}: there is one of this name in {other} already"));
        }
        for request in requests_of(route) {
            if let Some(other) = requests.insert(request, place.clone()) {
                findings.push(format!("{place}: takes the same requests as {other}"));
            }
        }
        findings.extend(judge(route, known).into_iter().map(|finding| format!("{place}: {finding}")));
    }
    findings
}

fn requests_of(route: &Route) -> impl Iterator<Item = String> {
    let http = route.from.http.as_ref().map(|http| format!("{} {}", http.method, http.path.shape()));
    let key = route.from.amqp.as_ref().map(|key| format!("amqp {key}"));
    let event = route.from.event.as_ref().map(|kind| format!("event {kind} for {}", route.name));
    http.into_iter().chain(key).chain(event).chain(route.from.soap.as_ref().map(|name| format!("soap {name}")))
}

fn judge(route: &Route, known: &Known) -> Vec<String> {
    let mut findings = match &route.to {
        Target::Service(to) => nameless(&to.service).into_iter().chain(unbound(route, to.path.parameters())).collect(),
        Target::Saga(name) => unknown_saga(name, known).into_iter().collect::<Vec<_>>(),
        Target::Outcome(name) => unknown_saga(name, known).into_iter().chain(unbound(route, ["id"])).collect(),
        Target::Queue(name) => unusable_queue(name).into_iter().collect(),
        Target::Gather(parts) => parts.iter().flat_map(|part| judge_part(part, route)).collect(),
    };
    let rules = [
        (route.allow.is_empty(), "`allow` names nobody"),
        (route.allow.len() > 1 && route.allow.contains(&Allow::Anyone), "`allow` names anyone, and others besides"),
        (route.timeout_ms.is_some_and(|ms| !(1..=TIMEOUT_MAX_MS).contains(&ms)), "`timeout_ms` must be 1 to 60000"),
        (!is_kebab(&route.name) || route.name.len() > NAME_MAX, "the name is not kebab-case, or longer than 100"),
    ];
    findings.extend(broken(&rules).chain(judge_doors(route)));
    if !known.rates.contains(&route.rate) {
        findings.push(format!("unknown rate `{}`", route.rate));
    }
    findings
}

/// What nobody could register as.
fn nameless(service: &str) -> Option<String> {
    (!is_name(service)).then(|| format!("`{service}` can't be the name of a service: it must be kebab-case"))
}

fn judge_part(part: &Part, route: &Route) -> Vec<String> {
    let reserved = (part.name == MISSING).then(|| format!("a part can't be called `{MISSING}`"));
    nameless(&part.service).into_iter().chain(reserved).chain(unbound(route, part.parameters())).collect()
}

fn judge_doors(route: &Route) -> Vec<String> {
    let (by_http, key) = (route.from.http.is_some(), route.from.amqp.as_deref());
    let event = route.from.event.as_deref();
    let to_queue = matches!(route.to, Target::Queue(_));
    let method = matches!(&route.to, Target::Service(to) if to.method.is_some());
    let without_method = matches!(&route.to, Target::Service(to) if to.method.is_none());
    let rules = [
        (!by_http && key.is_none() && event.is_none(), "`from` names neither `http` nor `amqp`, nor an `event`"),
        (event.is_some_and(|kind| !is_key(kind)), "the event is not of lower-case words, `-`, `_` and dots"),
        (event.is_some() && (!to_queue || key.is_some()), "an event can go into a queue only, and comes alone"),
        (!route.via.is_empty() && !to_queue, "`via` is for queues: documents for services are turned anyway"),
        (route.via.len() > 1, "`via` can turn a message once"),
        (key.is_some_and(|key| !is_key(key)), "the routing key is not of lower-case words, `-`, `_` and dots"),
        (to_queue && by_http, "a queue can be reached by `amqp` only, since nobody there answers"),
        (
            to_queue && route.allow != [Allow::Anyone],
            "whom a queue is for, the broker decides: `allow` must be `anyone`",
        ),
        (!to_queue && key.is_some() && route.format == Format::Any, "by `amqp` only documents can become a request"),
        (
            matches!(route.to, Target::Gather(_)) && !is_reading(route),
            "what is gathered is read only: `from` must be a GET by `http` alone",
        ),
        (by_http && method, "the method is that of `http`, and is named twice"),
        (
            !by_http && key.is_some() && without_method,
            "without `http`, `to` must name a method: `service METHOD /path`",
        ),
        (
            route.from.soap.is_some() && (!by_http || route.format == Format::Any),
            "`soap` needs the `http` door beside it, whose documents it carries",
        ),
        (
            route.from.soap.as_deref().is_some_and(|name| !is_pascal(name)),
            "the operation of `soap` is not of letters and digits with a capital in front, such as `PlaceOrder`",
        ),
        (route.prefetch == Some(0), "`prefetch` must be 1 or more"),
    ];
    broken(&rules).collect()
}

fn broken<'a>(rules: &'a [(bool, &str)]) -> impl Iterator<Item = String> + use<'a> {
    rules.iter().filter(|(broken, _)| *broken).map(|(_, finding)| (*finding).to_owned())
}

fn unknown_saga(name: &str, known: &Known) -> Option<String> {
    (!known.sagas.contains(name)).then(|| format!("unknown saga `{name}`"))
}

/// The broker's own queues, and ours, are no channels.
fn unusable_queue(name: &str) -> Option<String> {
    let ours = name.starts_with("esb.") || name.starts_with("amq.") || name == DEAD_LETTERS;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let usable = !ours && (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(plain);
    (!usable).then(|| format!("`{name}` can't be the queue of a channel"))
}

fn unbound<'a>(route: &'a Route, used: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let operation = route.operation();
    let bound = operation.iter().flat_map(|operation| operation.path.parameters()).collect::<BTreeSet<_>>();
    let free = used.into_iter().filter(|name| operation.is_some() && !bound.contains(name));
    free.map(|name| format!("`{{{name}}}` is used, but nothing binds it")).collect()
}

fn is_reading(route: &Route) -> bool {
    route.from.amqp.is_none() && route.from.http.as_ref().is_some_and(|http| http.method == ::http::Method::GET)
}

fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    (1..=NAME_MAX).contains(&key.len()) && key.bytes().all(plain)
}

fn is_pascal(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain && name.starts_with(|first: char| first.is_ascii_uppercase()) && name.len() <= NAME_MAX
}

fn is_kebab(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(plain)
}
