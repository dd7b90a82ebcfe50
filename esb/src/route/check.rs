//! What is wrong with routes: all findings at once, each naming its file and route.

use std::collections::{BTreeSet, HashMap};

use super::file::{Route, RouteFile, Target};
use crate::policy::Allow;

/// Longer would hold connections for the impatient.
const TIMEOUT_MAX_MS: u64 = 60_000;

/// What routes may name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Services that the resolver knows.
    pub services: BTreeSet<String>,
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
        let request = format!("{} {}", route.http().method, route.http().path.shape());
        if let Some(other) = requests.insert(request, place.clone()) {
            findings.push(format!("{place}: takes the same requests as {other}"));
        }
        findings.extend(judge(route, known).into_iter().map(|finding| format!("{place}: {finding}")));
    }
    findings
}

fn judge(route: &Route, known: &Known) -> Vec<String> {
    let mut findings = match &route.to {
        Target::Service(to) => {
            let unknown = (!known.services.contains(&to.service)).then(|| format!("unknown service `{}`", to.service));
            unknown.into_iter().chain(unbound(route, to.path.parameters())).collect()
        }
        Target::Saga(name) => unknown_saga(name, known).into_iter().collect::<Vec<_>>(),
        Target::Outcome(name) => unknown_saga(name, known).into_iter().chain(unbound(route, ["id"])).collect(),
    };
    let rules = [
        (route.allow.is_empty(), "`allow` names nobody"),
        (route.allow.len() > 1 && route.allow.contains(&Allow::Anyone), "`allow` names anyone, and others besides"),
        (route.timeout_ms.is_some_and(|ms| !(1..=TIMEOUT_MAX_MS).contains(&ms)), "`timeout_ms` must be 1 to 60000"),
        (!is_kebab(&route.name), "the name is not kebab-case"),
    ];
    findings.extend(rules.into_iter().filter(|(broken, _)| *broken).map(|(_, finding)| finding.to_owned()));
    if !known.rates.contains(&route.rate) {
        findings.push(format!("unknown rate `{}`", route.rate));
    }
    findings
}

fn unknown_saga(name: &str, known: &Known) -> Option<String> {
    (!known.sagas.contains(name)).then(|| format!("unknown saga `{name}`"))
}

fn unbound<'a>(route: &'a Route, used: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let bound = route.http().path.parameters().collect::<BTreeSet<_>>();
    let free = used.into_iter().filter(|name| !bound.contains(name));
    free.map(|name| format!("`{{{name}}}` is used, but nothing binds it")).collect()
}

fn is_kebab(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(plain)
}
