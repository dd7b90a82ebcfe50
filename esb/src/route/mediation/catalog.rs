//! The plans of all operations, compiled from the description.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use chassis::{Failure, Kind};
use serde_json::Value;
use transform::{Limits, Plan, Refusal, Schemas};

use super::describe::{Names, Parameters, names, own, own_names};
use crate::route::{Format, Route};

const SCHEMAS: &str = "/components/schemas/";
/// The largest document that is turned, in bytes. The doors bound what comes in; what goes out may be larger, such as a
/// list of a hundred orders.
pub const DOCUMENT_MAX: usize = 8 << 20;

/// Everything that can be had as XML, and why the rest can't.
#[derive(Default)]
pub struct Catalog {
    schemas: Option<Schemas>,
    operations: BTreeMap<String, Arc<Operation>>,
    refused: BTreeMap<String, String>,
}

/// What a route takes and gives, as plans.
#[derive(Debug, Default)]
pub struct Operation {
    /// The body by HTTP.
    pub request: Option<Arc<Plan>>,
    /// Parameters and body together, for messages and SOAP.
    pub message: Option<Arc<Plan>>,
    answers: Vec<(String, Arc<Plan>)>,
    names: Names,
    /// Why one of its documents can't be XML.
    flaw: Option<String>,
}

impl Catalog {
    /// Schemas that XML can't express are left out, with the operations that need them, and with what is wrong with them
    /// in the log: one service's mistake is not another's.
    pub fn compile(description: &Value, routes: &[Route], limits: Limits) -> Self {
        let mut description = description.clone();
        let documents = routes.iter().filter(|route| route.format == Format::Document);
        let from_routes = documents.filter_map(|route| Some((route.name.clone(), names(&mut description, route)?)));
        let mut known = from_routes.collect::<BTreeMap<_, _>>();
        for http in own(&description, routes) {
            known.extend(own_names(&mut description, &http).map(|names| (own_key(&http.method, &http.path), names)));
        }
        let (schemas, findings) = Schemas::partly(&description, limits);
        let refused = findings.iter().filter_map(culprit).collect::<BTreeMap<_, _>>();
        let operation = |names: &Names| Arc::new(Operation::of(names, &schemas, &refused));
        let operations = known.iter().map(|(route, names)| (route.clone(), operation(names))).collect();
        Self { schemas: Some(schemas), operations, refused }
    }

    /// Of a route; the failure says why its documents can't be XML, or not yet.
    pub fn operation(&self, route: &str) -> Result<&Arc<Operation>, Failure> {
        let detail = "the documents behind this path are not known yet: try again in a moment, or send JSON";
        let unknown = || Failure::new(Kind::Unavailable, "service-unavailable", detail);
        let operation = self.operations.get(route).ok_or_else(|| unknown().retry_after(Duration::from_secs(1)))?;
        match &operation.flaw {
            None => Ok(operation),
            Some(flaw) => {
                let detail = format!("this can't be had as XML ({flaw}): send and accept JSON");
                Err(Failure::new(Kind::NotAcceptable, "not-acceptable", detail))
            }
        }
    }

    /// What the route's operation takes beside its body; `None` while nobody has described it.
    pub fn parameters(&self, route: &str) -> Option<&Parameters> {
        self.operations.get(route).map(|operation| &operation.names.parameters)
    }

    /// The schemas, unless none could be compiled.
    pub const fn schemas(&self) -> Option<&Schemas> {
        self.schemas.as_ref()
    }

    /// Schemas that could not be compiled, by name, and why.
    pub const fn refused(&self) -> &BTreeMap<String, String> {
        &self.refused
    }
}

/// What an operation of our own is kept under; no route has such a name.
pub(super) fn own_key(method: impl Display, path: impl Display) -> String {
    format!("{method} {path}")
}

impl Operation {
    fn of(names: &Names, schemas: &Schemas, refused: &BTreeMap<String, String>) -> Self {
        let plan = |name: &String| schemas.plan(name).cloned();
        let answers = names.answers.iter().filter_map(|(status, name)| Some((status.clone(), plan(name)?)));
        let all = names.request.iter().chain(&names.message).chain(names.answers.iter().map(|(_, name)| name));
        let missing = all.filter(|name| plan(name).is_none());
        let flaw = missing.map(|name| refused.get(name).cloned().unwrap_or_else(|| format!("`{name}` is unknown")));
        Self {
            request: names.request.as_ref().and_then(plan),
            message: names.message.as_ref().and_then(plan),
            answers: answers.collect(),
            names: names.clone(),
            flaw: flaw.into_iter().next(),
        }
    }

    /// The name of the schema of parameters and body together.
    pub fn message_schema(&self) -> Option<&str> {
        self.names.message.as_deref()
    }

    /// The name of the schema of what is answered when it is done; a 202 says that it is not.
    pub fn success_schema(&self) -> Option<&str> {
        let done = |status: &str| status.starts_with('2') && status != "202";
        self.names.answers.iter().find(|(status, _)| done(status)).map(|(_, name)| name.as_str())
    }

    /// Of the document that is answered with this status.
    pub fn answer(&self, status: u16) -> Option<&Arc<Plan>> {
        let class = format!("{}XX", status / 100);
        let status = status.to_string();
        let wanted = [status.as_str(), class.as_str(), "default"];
        wanted.into_iter().find_map(|wanted| self.answers.iter().find(|(name, _)| name == wanted)).map(|(_, plan)| plan)
    }
}

/// The schema that a finding is in, and the finding.
fn culprit(finding: &Refusal) -> Option<(String, String)> {
    let name = finding.place.strip_prefix(SCHEMAS)?.split('/').next()?;
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((name, format!("{}: {}", finding.place, finding.detail)))
}
