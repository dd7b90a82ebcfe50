//! `POST /esb/publish`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chassis::auth::Operator;
use chassis::http::Json;
use chassis::{Context, Failure, Fault, Kind, REQUEST_ID, TRACEPARENT};
use contracts::{FieldError, Id, Problem};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::RunningRoutes;
use crate::endpoint::broker::{Answer, Trial, TrialError, Trials};
use crate::policy::{IdempotencyKey, KEY_HEADER};
use crate::route::{LEASE, Target};

/// How long an answer is waited for, where nothing is said, and at most.
const WAIT_MS: u64 = 10_000;
const WAIT_MS_MAX: u64 = 30_000;
/// How many headers there may be, and how long each is.
const HEADERS_MAX: usize = 32;
const HEADER_MAX: usize = 4096;
/// How long they may be together: a frame holds them all, and the broker ends the whole connection over one of more than
/// 128 KiB.
const HEADERS_BYTES_MAX: usize = 64 << 10;
/// Else another instance would take it for left, and do it beside us.
const _: () = assert!(LEASE.as_millis() > Trials::LONGEST.as_millis() + Duration::from_millis(WAIT_MS_MAX).as_millis());

/// A message to be sent to `esb_exchange`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    /// What it asks for, such as `order.get`.
    #[schema(max_length = 255)]
    routing_key: String,
    /// What its body is, such as `application/json`.
    #[schema(max_length = 255)]
    content_type: String,
    /// By which it is known again; where absent, a new one, or under an `Idempotency-Key` the same at each try.
    #[serde(default)]
    #[schema(max_length = 255)]
    message_id: Option<String>,
    /// Further headers.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The document.
    body: String,
    /// How long an answer is waited for, in milliseconds; 0 does not ask for one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 30_000, default = 10_000)]
    wait_ms: Option<u64>,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Published {
    /// By which it is known again.
    message_id: String,
    /// The trace it belongs to.
    trace_id: String,
    /// How long it all took.
    elapsed_ms: u64,
    /// What came back; absent where nothing came in time, or nothing is due, as from a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<PublishedAnswer>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PublishedAnswer {
    /// `reply` or `problem`.
    #[serde(rename = "type")]
    kind: String,
    /// What HTTP would have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What the body is.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    /// Its headers.
    headers: BTreeMap<String, String>,
    /// The document; what is no text in it is replaced.
    body: String,
}

/// Sends a message to `esb_exchange`, as any producer could who does not say who they are, and waits for its answer. Who
/// sent it is logged.
#[utoipa::path(post, path = "/esb/publish", operation_id = "publish_message", tag = "esb", request_body = Publish,
    responses(
        (status = 200, body = Published),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "the broker does not take it"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "the broker is away, or too many are being tried"),
    ))]
pub(crate) async fn send(
    Operator(caller): Operator,
    Json(publish): Json<Publish>,
    request: HttpRequest,
    (trials, running): (Data<Trials>, Data<Arc<RunningRoutes>>),
) -> Result<HttpResponse, Failure> {
    let began = Instant::now();
    let key = request.headers().get(KEY_HEADER).map(|key| IdempotencyKey::parse(key.as_bytes())).transpose()?;
    let message_id = publish.message_id(key.as_ref().map(|key| key.message_id(&caller.actor())));
    let context = publish.context();
    let properties = publish.properties(&message_id, &context)?;
    let key = short("/routing_key", &publish.routing_key)?;
    let patience = publish.patience()?.filter(|_| running.is_answered(&publish.routing_key));
    tracing::info!(amqp.key = publish.routing_key, amqp.message_id = message_id, "{} sends a message", caller.actor());
    let answer = trials.send(Trial { key, properties, body: publish.body.as_bytes(), patience }).await?;
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let answer = answer.map(PublishedAnswer::from);
    Ok(HttpResponse::Ok().json(Published { message_id, trace_id: context.trace_id, elapsed_ms, answer }))
}

impl RunningRoutes {
    /// Whether anybody answers to messages with this key: channels do not, nor those that deal with what nobody takes.
    fn is_answered(&self, key: &str) -> bool {
        let route = self.0.iter().map(|entry| &entry.route).find(|route| route.from.amqp.as_deref() == Some(key));
        route.is_some_and(|route| !matches!(route.to, Target::Queue(_)))
    }
}

impl Publish {
    /// As its sender says, or else that of the command.
    fn message_id(&self, commanded: Option<Uuid>) -> String {
        let own = || commanded.unwrap_or_else(|| Id::<Self>::mint().uuid()).to_string();
        self.message_id.clone().unwrap_or_else(own)
    }

    /// As its sender says, or else that of this request.
    fn context(&self) -> Context {
        let said = |name: &str| self.headers.get(name).map(String::as_str);
        let current = Context::current().unwrap_or_else(Context::begin);
        let (request_id, trace) = (current.request_id.clone(), current.traceparent());
        Context::from_headers(said(REQUEST_ID).or(Some(&request_id)), said(TRACEPARENT).or(Some(&trace)))
    }

    fn properties(&self, message_id: &str, context: &Context) -> Result<BasicProperties, Failure> {
        if self.headers.len() > HEADERS_MAX {
            return Err(wrong("/headers", &format!("must be {HEADERS_MAX} at most")));
        }
        let size: usize = self.headers.iter().map(|(name, text)| name.len() + text.len()).sum();
        if size > HEADERS_BYTES_MAX {
            return Err(wrong("/headers", &format!("must have {HEADERS_BYTES_MAX} bytes at most, all together")));
        }
        let own =
            [(REQUEST_ID.to_owned(), context.request_id.clone()), (TRACEPARENT.to_owned(), context.traceparent())];
        let mut headers = BTreeMap::from(own);
        headers.extend(self.headers.clone());
        let mut table = FieldTable::default();
        for (name, text) in headers {
            if text.len() > HEADER_MAX {
                return Err(wrong("/headers", &format!("`{name}` must have {HEADER_MAX} bytes at most")));
            }
            table.insert(short("/headers", &name)?, AMQPValue::LongString(text.into()));
        }
        Ok(BasicProperties::default()
            .with_message_id(short("/message_id", message_id)?)
            .with_content_type(short("/content_type", &self.content_type)?)
            .with_headers(table))
    }

    /// How long an answer is waited for; `None` where none is wanted.
    fn patience(&self) -> Result<Option<Duration>, Failure> {
        match self.wait_ms.unwrap_or(WAIT_MS) {
            0 => Ok(None),
            ms if ms <= WAIT_MS_MAX => Ok(Some(Duration::from_millis(ms))),
            _ => Err(wrong("/wait_ms", &format!("must be {WAIT_MS_MAX} at most"))),
        }
    }
}

fn short(pointer: &str, text: &str) -> Result<ShortString, Failure> {
    ShortString::try_new(text.to_owned()).map_err(|_long| wrong(pointer, "must have 255 bytes at most"))
}

fn wrong(pointer: &str, detail: &str) -> Failure {
    Failure::invalid(vec![FieldError::new(pointer, detail)])
}

impl From<Answer> for PublishedAnswer {
    fn from(answer: Answer) -> Self {
        let Answer { kind, status, content_type, headers, body } = answer;
        let body = String::from_utf8_lossy(&body).into_owned();
        Self { kind: kind.unwrap_or_else(|| "reply".to_owned()), status, content_type, headers, body }
    }
}

impl Fault for TrialError {
    fn kind(&self) -> Kind {
        match self {
            Self::Busy | Self::Away(_) => Kind::Unavailable,
            Self::Refused(_) => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Away(_) => "broker-unavailable",
            Self::Refused(_) => "publish-refused",
        }
    }
}
