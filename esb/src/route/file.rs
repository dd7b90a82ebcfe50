//! Routes as they are written.

use ::http::Method;
use serde::{Deserialize, Serialize};

use super::pattern::{HttpPattern, PathPattern, ServicePath};
use crate::endpoint::gather::Part;
use crate::policy::Allow;

/// What a request meets on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Unique, kebab-case.
    pub name: String,
    /// Where requests come from.
    pub from: Doors,
    /// What is done to a message on its way into a queue; what passes otherwise is not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Stage>,
    /// Where they go.
    pub to: Target,
    /// Who may; nobody is let in by default.
    pub allow: Vec<Allow>,
    /// The largest body; `http.body_max_bytes` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_max_bytes: Option<usize>,
    /// How long the answer may take to begin; `upstream.timeout_ms` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Whether the service is asked again when it fails.
    #[serde(default)]
    pub retry: Retry,
    /// The limit that counts, `[rate.<name>]` in the settings.
    #[serde(default = "default_rate")]
    pub rate: String,
    /// What bodies may be.
    #[serde(default)]
    pub format: Format,
    /// How many messages are under way at once; `amqp.prefetch` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<u16>,
}

/// Where requests come from: by HTTP, by AMQP, by SOAP, or by several; or what has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doors {
    /// A method and a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpPattern>,
    /// A routing key in `esb_exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amqp: Option<String>,
    /// An operation of the SOAP service, such as `PlaceOrder`; its documents are those of the `http` door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soap: Option<String>,
    /// An event in `domain_events`, such as `order.confirmed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// A change of format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Stage {
    /// A JSON document becomes XML; of an event it is the `data`, and the event's attributes become headers.
    JsonToXml(Schema),
    /// An XML document becomes JSON.
    XmlToJson(Schema),
}

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The name of its root element, such as `order`.
    pub schema: String,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Target {
    /// To a service, as they are.
    Service(ServicePath),
    /// Into a saga.
    Saga(String),
    /// To what became of the saga about `{id}`.
    Outcome(String),
    /// Into a queue, as they are.
    Queue(String),
    /// To several services at once, whose answers become one document.
    Gather(Vec<Part>),
}

/// Whether the service is asked again when it fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Where the method says that twice is once: GET, HEAD, PUT, DELETE.
    #[default]
    Safe,
    /// Never.
    Never,
}

/// What bodies may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A document, JSON or XML, as the caller has it and wants it: 415 and 406 else.
    #[default]
    Document,
    /// Whatever the service takes and gives.
    Any,
}

/// A file of routes.
#[derive(Debug, Clone)]
pub struct RouteFile {
    /// Such as `orders.toml`.
    pub name: String,
    /// In the order of the file.
    pub routes: Vec<Route>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    #[serde(default)]
    route: Vec<Route>,
}

impl RouteFile {
    /// The routes in `text`; an error names the file, the place and what is wrong there.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let root: Root = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        Ok(Self { name: name.to_owned(), routes: root.route })
    }
}

impl Route {
    /// The services that it may ask.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match &self.to {
            Target::Service(to) => (Some(to.service.as_str()), [].as_slice()),
            Target::Gather(parts) => (None, parts.as_slice()),
            Target::Saga(_) | Target::Outcome(_) | Target::Queue(_) => (None, [].as_slice()),
        };
        one.into_iter().chain(many.iter().map(|part| part.service.as_str()))
    }

    /// The method and path that its requests have: those of its HTTP door, and where there is none, those of its target.
    /// By them a repetition is known again, whichever door it takes.
    pub fn operation(&self) -> Option<HttpPattern> {
        if self.from.http.is_some() {
            return self.from.http.clone();
        }
        match &self.to {
            Target::Service(to) => Some(HttpPattern { method: to.method.clone()?, path: to.path.clone() }),
            Target::Saga(name) => Some(HttpPattern { method: Method::POST, path: PathPattern::named(name) }),
            Target::Outcome(name) => {
                Some(HttpPattern { method: Method::GET, path: PathPattern::named(name).and_parameter("id") })
            }
            Target::Queue(_) | Target::Gather(_) => None,
        }
    }
}

fn default_rate() -> String {
    "default".to_owned()
}
