//! Back to where they came from: each letter as it was, with a mark that it is a replay, confirmed by the broker.

use std::sync::Arc;

use chassis::bus::{Bus, Lane, Outgoing, PublishError, Sent};
use lapin::BasicProperties;
use lapin::types::AMQPValue;

use super::properties::{decode, without};
use super::read::{REPLAY_ID, REPLAY_OF};
use super::store::Parcel;

/// What became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// A queue has it.
    Sent,
    /// Nobody will ever have it as it is; why.
    Refused(String),
    /// The broker may have it, or not; why.
    Unclear(String),
    /// It never left.
    Down,
}

/// Sends parcels, on a channel of its own.
#[derive(Clone)]
pub(super) struct Sender {
    bus: Bus,
    lane: Arc<Lane>,
}

impl Sender {
    pub(super) fn new(bus: &Bus) -> Self {
        Self { bus: bus.clone(), lane: Arc::new(bus.lane()) }
    }

    /// The same, on another channel.
    pub(super) fn apart(&self) -> Self {
        Self::new(&self.bus)
    }

    /// Whether there is a connection at this moment.
    pub(super) fn is_up(&self) -> bool {
        self.bus.is_up()
    }

    /// Sends it and waits for the broker.
    pub(super) async fn send(&self, parcel: &Parcel) -> Fate {
        match self.begin(parcel).await {
            Ok(sent) => Fate::of(sent.routed().await),
            Err(fate) => fate,
        }
    }

    /// Puts it on the wire; the broker's word comes with what is given back.
    pub(super) async fn begin(&self, parcel: &Parcel) -> Result<Sent, Fate> {
        let properties = decode(&parcel.properties).map_err(|error| Fate::Refused(error.to_string()))?;
        let message = Outgoing {
            exchange: &parcel.target_exchange,
            key: &parcel.target_key,
            properties: marked(properties, parcel),
            body: &parcel.body,
        };
        self.lane.send(message).await.map_err(|error| Fate::of(Err(error)))
    }
}

impl Fate {
    pub(super) fn of(outcome: Result<(), PublishError>) -> Self {
        match outcome {
            Ok(()) => Self::Sent,
            Err(PublishError::Down) => Self::Down,
            Err(PublishError::Unroutable) => Self::Refused("no queue is bound there any more".to_owned()),
            Err(PublishError::Refused) => Self::Refused("the queue takes no more messages".to_owned()),
            Err(PublishError::Closed(why)) => Self::Refused(why),
            Err(error @ (PublishError::Failed(_) | PublishError::Unconfirmed)) => {
                Self::Unclear(chassis::fault::chain(&error))
            }
        }
    }
}

/// The broker's notes on the earlier life would be taken for the new one's.
fn is_of_the_broker(header: &str) -> bool {
    header == "x-death" || header.starts_with("x-first-death-") || header.starts_with("x-last-death-")
}

fn marked(properties: BasicProperties, parcel: &Parcel) -> BasicProperties {
    let mut headers = without(&properties.headers().clone().unwrap_or_default(), is_of_the_broker);
    let text = |id: uuid::Uuid| AMQPValue::LongString(id.to_string().into());
    headers.insert(REPLAY_OF.into(), text(parcel.id));
    headers.insert(REPLAY_ID.into(), text(parcel.replayed_as));
    properties.with_headers(headers)
}
