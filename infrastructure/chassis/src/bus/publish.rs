//! Publishing with a confirm: it is on the broker's disk, or you are told.

use std::time::Duration;

use lapin::options::BasicPublishOptions;
use lapin::protocol::AMQPErrorKind;
use lapin::{BasicProperties, Confirmation, ErrorKind, PublisherConfirm};

use super::Bus;

/// How long the broker may take to confirm.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(10);
/// AMQP's delivery mode for messages that survive a restart.
pub(super) const PERSISTENT: u8 = 2;

/// A message on its way out.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// The exchange.
    pub exchange: &'a str,
    /// The routing key.
    pub key: &'a str,
    /// `message_id`, `content_type` and the like; made persistent here.
    pub properties: BasicProperties,
    /// The bytes.
    pub body: &'a [u8],
}

/// Why the broker does not have the message for certain.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no connection.
    #[error("there is no connection to the broker")]
    Down,
    /// The connection failed; the broker may have it.
    #[error("the connection to the broker failed")]
    Failed(#[source] lapin::Error),
    /// The broker said no, as when a queue is full.
    #[error("the broker refused the message")]
    Refused,
    /// The broker has no queue for it, and has dropped it.
    #[error("no queue takes the message")]
    Unroutable,
    /// The broker did not say; it may have it.
    #[error("the broker did not confirm in time")]
    Unconfirmed,
    /// The broker closed the channel over a message: over this one, or over another that was under way beside it.
    #[error("the broker closed the channel: {0}")]
    Closed(String),
}

impl PublishError {
    /// Tells what the broker has against a message from what went wrong on the way to it.
    pub(super) fn from_broker(error: lapin::Error) -> Self {
        match error.kind() {
            ErrorKind::ProtocolError(told) if matches!(told.kind(), AMQPErrorKind::Soft(_)) => {
                Self::Closed(told.get_message().to_string())
            }
            _ => Self::Failed(error),
        }
    }
}

/// A message that was sent and is not confirmed yet.
pub struct Sent(pub(super) PublisherConfirm);

impl Bus {
    /// Publishes, and waits for the confirm. Calls may overlap: each waits for its own.
    pub async fn publish(&self, message: Outgoing<'_>) -> Result<(), PublishError> {
        self.send(message).await?.confirmed().await
    }

    /// The same, for a message that a queue must take: that the broker has dropped it is an error.
    pub async fn deliver(&self, message: Outgoing<'_>) -> Result<(), PublishError> {
        let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        self.put(message, mandatory).await?.confirmed().await
    }

    /// Puts a message on the wire; messages that are sent one after the other arrive in that order.
    pub async fn send(&self, message: Outgoing<'_>) -> Result<Sent, PublishError> {
        self.put(message, BasicPublishOptions::default()).await
    }

    async fn put(&self, message: Outgoing<'_>, options: BasicPublishOptions) -> Result<Sent, PublishError> {
        let link = self.link.borrow().clone().ok_or(PublishError::Down)?;
        let Outgoing { exchange, key, properties, body } = message;
        let properties = properties.with_delivery_mode(PERSISTENT);
        let sent = link.publisher.basic_publish(exchange.into(), key.into(), options, body, properties).await;
        sent.map(Sent).map_err(PublishError::Failed)
    }
}

impl Sent {
    /// Waits until the broker has it on disk.
    pub async fn confirmed(self) -> Result<(), PublishError> {
        match tokio::time::timeout(CONFIRM_TIMEOUT, self.0).await {
            Ok(Ok(Confirmation::Ack(None))) => Ok(()),
            Ok(Ok(Confirmation::Ack(Some(_)))) => Err(PublishError::Unroutable),
            Ok(Ok(Confirmation::Nack(_) | Confirmation::NotRequested)) => Err(PublishError::Refused),
            Ok(Err(error)) => Err(PublishError::Failed(error)),
            Err(_elapsed) => Err(PublishError::Unconfirmed),
        }
    }

    /// Waits until a queue has it on disk; for a message of a [`super::Lane`].
    pub async fn routed(self) -> Result<(), PublishError> {
        match tokio::time::timeout(CONFIRM_TIMEOUT, self.0).await {
            Ok(Ok(Confirmation::Ack(None))) => Ok(()),
            Ok(Ok(Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)))) => Err(PublishError::Unroutable),
            Ok(Ok(Confirmation::Nack(None) | Confirmation::NotRequested)) => Err(PublishError::Refused),
            Ok(Err(error)) => Err(PublishError::from_broker(error)),
            Err(_elapsed) => Err(PublishError::Unconfirmed),
        }
    }
}
