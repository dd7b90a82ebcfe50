//! The replay of one letter, and of those that somebody began to replay and did not end.

use std::time::Duration;

use uuid::Uuid;

use super::outbound::Fate;
use super::store::{Doer, Parcel};
use super::{DeadLetterError, DeadLetters};
use crate::store::StoreError;

/// How many are taken over at once: their bodies are in memory.
const RECOVERED_AT_ONCE: i64 = 16;

/// How far a replay has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// The broker has it.
    Done,
    /// The broker did not say; it is sent again by itself until it does.
    Open,
}

impl DeadLetters {
    /// Sends a waiting letter to where it came from.
    pub(crate) async fn replay(&self, id: Uuid, doer: &Doer) -> Result<Sending, DeadLetterError> {
        let sender = self.0.sender.as_ref().filter(|sender| sender.is_up()).ok_or(DeadLetterError::BrokerAway)?;
        let lease = self.0.settings.lease();
        let Some(parcel) = self.0.letters.begin_replay(id, doer, lease).await? else {
            return Err(self.why_not(id).await);
        };
        let fate = sender.send(&parcel).await;
        self.settle(&parcel, &fate).await?;
        match fate {
            Fate::Sent => Ok(Sending::Done),
            Fate::Unclear(_) => Ok(Sending::Open),
            Fate::Refused(why) => Err(DeadLetterError::Refused(why)),
            Fate::Down => Err(DeadLetterError::BrokerAway),
        }
    }

    async fn settle(&self, parcel: &Parcel, fate: &Fate) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        match fate {
            Fate::Sent => self.0.letters.replayed(&[parcel.id], now).await,
            Fate::Refused(why) => self.0.letters.refused(&[(parcel.id, why.clone())], now).await,
            Fate::Down => self.0.letters.refused(&[(parcel.id, "no connection to the broker".to_owned())], now).await,
            Fate::Unclear(_) => Ok(()),
        }
    }

    /// Sends what was begun and not ended, here or elsewhere, until the process stops.
    pub(super) async fn keep_recovering(self) {
        loop {
            if let Err(error) = self.recover().await {
                tracing::warn!("replays could not be taken over: {}", chassis::fault::chain(&error));
            }
            tokio::time::sleep(Duration::from_millis(self.0.settings.scan_ms)).await;
        }
    }

    async fn recover(&self) -> Result<(), StoreError> {
        let Some(sender) = &self.0.sender else { return Ok(()) };
        for parcel in self.0.letters.abandoned(RECOVERED_AT_ONCE, self.0.settings.lease()).await? {
            tracing::info!(dead_letter.id = %parcel.id, "dead letter {} is replayed again", parcel.id);
            let fate = sender.send(&parcel).await;
            // It may have left before: it waits for the broker, and does not go back.
            if fate != Fate::Down {
                self.settle(&parcel, &fate).await?;
            }
        }
        Ok(())
    }
}
