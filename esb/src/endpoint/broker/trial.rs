//! A message that an operator sends to see what comes of it: on a channel of its own, with an answer that comes back there
//! and nowhere else, and never waited for longer than said.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chassis::bus::{Bus, PublishError};
use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::protocol::AMQPErrorKind;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Consumer, ErrorKind};
use tokio::sync::{Semaphore, TryAcquireError};

use crate::endpoint::amqp_in::ESB_EXCHANGE;

/// How many messages are tried at once.
const AT_ONCE: usize = 8;
/// How long the broker may take for each of its own answers.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to close the channel.
const GOODBYE: Duration = Duration::from_secs(1);
/// What stands for the channel's own queue of answers.
const DIRECT: &str = "amq.rabbitmq.reply-to";
/// AMQP's code for a close that nobody is to blame for.
const CLOSED_BY_US: u16 = 200;
/// That a message outlives the broker.
const PERSISTENT: u8 = 2;

/// Tries messages.
#[derive(Clone)]
pub struct Trials {
    broker: Option<Bus>,
    seats: Arc<Semaphore>,
}

/// A message to be tried.
#[derive(Debug)]
pub struct Trial<'a> {
    /// The routing key in `esb_exchange`.
    pub key: ShortString,
    /// As its sender says.
    pub properties: BasicProperties,
    /// The bytes.
    pub body: &'a [u8],
    /// How long an answer is waited for; `None` where none is due.
    pub patience: Option<Duration>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// `reply` or `problem`.
    pub kind: Option<String>,
    /// What HTTP would have said.
    pub status: Option<u16>,
    /// What the body is.
    pub content_type: Option<String>,
    /// Texts and numbers, as texts.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A message was not tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// Others try theirs.
    #[error("as many messages are being tried as may be: try again in a moment")]
    Busy,
    /// The broker is away, or fell silent. It may have the message.
    #[error("the broker can't be asked: {0}")]
    Away(String),
    /// It won't have it.
    #[error("the broker does not take the message: {0}")]
    Refused(String),
}

impl Trials {
    /// How long a message takes at most, beside what an answer is waited for: a channel, a queue of answers, the
    /// message itself, and the goodbye.
    pub const LONGEST: Duration = PATIENCE.saturating_mul(3).saturating_add(GOODBYE);

    /// By this broker.
    pub fn new(broker: Option<Bus>) -> Self {
        Self { broker, seats: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Sends the message, and brings its answer, where one comes in time.
    pub async fn send(&self, trial: Trial<'_>) -> Result<Option<Answer>, TrialError> {
        let _seat = self.seats.try_acquire().map_err(|error| match error {
            TryAcquireError::NoPermits => TrialError::Busy,
            TryAcquireError::Closed => TrialError::Away("the process stops".to_owned()),
        })?;
        let broker = self.broker.as_ref().ok_or_else(|| TrialError::Away("there is none".to_owned()))?;
        let channel = in_time(async { broker.channel().await.map_err(TrialError::from) }).await?;
        let tried = tried(&channel, trial).await;
        // Its queue of answers goes with it. A broker that blocks its publishers does not say goodbye; then it goes by itself.
        match tokio::time::timeout(GOODBYE, channel.close(CLOSED_BY_US, "tried".into())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!("{error}"),
            Err(_elapsed) => tracing::debug!("the broker does not close the channel in time"),
        }
        tried
    }
}

async fn tried(channel: &Channel, trial: Trial<'_>) -> Result<Option<Answer>, TrialError> {
    let Trial { key, properties, body, patience } = trial;
    let mut properties = properties.with_delivery_mode(PERSISTENT);
    let mut answers = None;
    if patience.is_some() {
        answers = Some(in_time(consume(channel)).await?);
        properties = properties.with_reply_to(DIRECT.into());
    }
    in_time(publish(channel, (key, properties, body))).await?;
    let (Some(mut answers), Some(patience)) = (answers, patience) else { return Ok(None) };
    match tokio::time::timeout(patience, answers.next()).await {
        Ok(Some(Ok(delivery))) => Ok(Some(Answer::from(delivery))),
        Ok(Some(Err(error))) => Err(error.into()),
        Ok(None) => Err(TrialError::Away("the connection was lost".to_owned())),
        Err(_elapsed) => Ok(None),
    }
}

async fn consume(channel: &Channel) -> Result<Consumer, TrialError> {
    // The broker wants it so: nobody could be given such an answer again.
    let options = BasicConsumeOptions { no_ack: true, ..BasicConsumeOptions::default() };
    Ok(channel.basic_consume(DIRECT.into(), ShortString::default(), options, FieldTable::default()).await?)
}

async fn publish(
    channel: &Channel,
    (key, properties, body): (ShortString, BasicProperties, &[u8]),
) -> Result<(), TrialError> {
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let options = BasicPublishOptions::default();
    let sent = channel.basic_publish(ESB_EXCHANGE.into(), key, options, body, properties).await?;
    match sent.await? {
        Confirmation::Ack(_) => Ok(()),
        Confirmation::Nack(_) | Confirmation::NotRequested => Err(TrialError::Refused("a queue is full".to_owned())),
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, TrialError>>) -> Result<T, TrialError> {
    let late = |_elapsed| Err(TrialError::Away("it did not answer in time".to_owned()));
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(late)
}

impl From<PublishError> for TrialError {
    fn from(error: PublishError) -> Self {
        Self::Away(chassis::fault::chain(&error))
    }
}

impl From<lapin::Error> for TrialError {
    fn from(error: lapin::Error) -> Self {
        match error.kind() {
            ErrorKind::ProtocolError(told) if matches!(told.kind(), AMQPErrorKind::Soft(_)) => {
                Self::Refused(told.get_message().to_string())
            }
            _ => Self::Away(error.to_string()),
        }
    }
}

impl From<Delivery> for Answer {
    fn from(delivery: Delivery) -> Self {
        let Delivery { properties, data, .. } = delivery;
        let headers = properties.headers().as_ref().map(FieldTable::inner);
        let text = |value: &AMQPValue| match value {
            AMQPValue::LongString(text) => Some(text.to_string()),
            AMQPValue::ShortString(text) => Some(text.to_string()),
            AMQPValue::LongInt(number) => Some(number.to_string()),
            AMQPValue::LongLongInt(number) => Some(number.to_string()),
            AMQPValue::Boolean(truth) => Some(truth.to_string()),
            _ => None,
        };
        let shown = headers.into_iter().flatten().filter_map(|(name, value)| Some((name.to_string(), text(value)?)));
        let headers = shown.collect::<BTreeMap<_, _>>();
        let status = headers.get("status").and_then(|status| status.parse().ok());
        let kind = properties.kind().as_ref().map(ToString::to_string);
        let content_type = properties.content_type().as_ref().map(ToString::to_string);
        Self { kind, status, content_type, headers, body: data }
    }
}
