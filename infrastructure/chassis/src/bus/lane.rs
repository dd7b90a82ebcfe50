//! A channel of one's own to publish on. The broker answers some mistakes (an exchange that is not there, a `user_id` of
//! somebody else) by closing the channel, and with it all that was under way there: whoever publishes what others wrote
//! does so on a lane, where it hurts nobody else.

use lapin::Channel;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use tokio::sync::Mutex;

use super::publish::{PERSISTENT, PublishError, Sent};
use super::{Bus, Outgoing};

/// The channel, opened when it is needed.
pub struct Lane {
    bus: Bus,
    channel: Mutex<Option<Channel>>,
}

impl Bus {
    /// A new channel on the connection, for what is none of the other's business: a mistake closes it, and only it.
    pub async fn channel(&self) -> Result<Channel, PublishError> {
        let link = self.link.borrow().clone().ok_or(PublishError::Down)?;
        link.connection.create_channel().await.map_err(PublishError::Failed)
    }

    /// A new lane.
    pub fn lane(&self) -> Lane {
        Lane { bus: self.clone(), channel: Mutex::default() }
    }
}

impl Lane {
    /// Puts a message on the wire, to be told by [`Sent::routed`] whether any queue has it.
    pub async fn send(&self, message: Outgoing<'_>) -> Result<Sent, PublishError> {
        let channel = self.channel().await?;
        let Outgoing { exchange, key, properties, body } = message;
        let properties = properties.with_delivery_mode(PERSISTENT);
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let sent = channel.basic_publish(exchange.into(), key.into(), options, body, properties).await;
        sent.map(Sent).map_err(PublishError::from_broker)
    }

    async fn channel(&self) -> Result<Channel, PublishError> {
        let mut kept = self.channel.lock().await;
        if let Some(channel) = kept.as_ref().filter(|channel| channel.status().connected()) {
            return Ok(channel.clone());
        }
        let channel = self.bus.channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(PublishError::Failed)?;
        Ok(kept.insert(channel).clone())
    }
}
