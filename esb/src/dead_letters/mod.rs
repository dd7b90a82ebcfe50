//! Dead letters: what the bus could do nothing with is drained into the store, where operators search, read, mend,
//! replay and discard it, one by one or many at a time.
//!
//! A replay is at least once, under the same `message_id`: a letter is `replaying` in the store before it is sent, and
//! `replayed` when the broker has confirmed it. Whoever finds it in between sends it again.

mod drain;
mod error;
mod jobs;
mod letter;
mod outbound;
mod properties;
mod read;
mod replay;
mod settings;
pub(crate) mod store;

use std::sync::Arc;
use std::time::Duration;

use chassis::bus::Bus;
use chassis::{Clock, Tasks};
use chrono::{TimeDelta, Utc};
use serde_json::{Map, Value};
use tokio::sync::Notify;
use uuid::Uuid;

use self::letter::searchable;
use self::outbound::Sender;
use self::store::{Doer, Edit, Letters};
use crate::store::Store;

pub use error::DeadLetterError;
pub(crate) use letter::Letter;
pub use letter::{Filter, LetterState};
pub(crate) use replay::Sending;
pub use settings::Settings;

/// The dead letters of the bus.
#[derive(Clone)]
pub struct DeadLetters(Arc<Inner>);

struct Inner {
    letters: Letters,
    sender: Option<Sender>,
    settings: Settings,
    clock: Clock,
    tasks: Tasks,
    /// Tells the workers that there is a new job.
    started: Notify,
}

/// What dead letters need.
pub struct Parts<'a> {
    /// Where they are kept.
    pub store: &'a Store,
    /// Where they come from and go to; without one they can only be looked at.
    pub bus: Option<&'a Bus>,
    /// How they are kept.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// The background.
    pub tasks: &'a Tasks,
}

impl DeadLetters {
    /// Drains, replays and tidies up in the background, until the process stops.
    pub fn start(parts: Parts<'_>) -> Self {
        let Parts { store, bus, settings, clock, tasks } = parts;
        let inner = Inner {
            letters: Letters(store.clone()),
            sender: bus.map(Sender::new),
            settings,
            clock,
            tasks: tasks.clone(),
            started: Notify::new(),
        };
        let letters = Self(Arc::new(inner));
        tasks.spawn_until_stop(letters.clone().keep_tidy());
        if let Some(bus) = bus {
            let at_once = letters.0.settings.at_once;
            drain::drain(bus, letters.0.letters.clone(), at_once, (letters.0.clock.clone(), tasks));
            tasks.spawn_until_stop(letters.clone().keep_recovering());
            letters.spawn_workers();
        }
        letters
    }

    pub(crate) fn store(&self) -> &Letters {
        &self.0.letters
    }

    pub(crate) fn doer(&self, actor: String) -> Doer {
        Doer { actor, at: self.0.clock.now() }
    }

    /// The letter, with all of its body.
    pub(crate) async fn find(&self, id: Uuid) -> Result<Letter, DeadLetterError> {
        self.0.letters.find(id).await?.ok_or(DeadLetterError::Missing)
    }

    /// Gives a waiting letter, in the version that `letter` has, another body.
    pub(crate) async fn edit(&self, letter: &Letter, body: Vec<u8>, doer: &Doer) -> Result<(), DeadLetterError> {
        let properties = properties::decode(&letter.properties)?;
        let search = searchable(&[&letter.routing_key, &letter.detail], &properties, &body);
        let edit = Edit { id: letter.id, version: letter.version, body, search };
        let edited = self.0.letters.edit(&edit, doer).await?;
        if edited { Ok(()) } else { Err(self.why_not(letter.id).await) }
    }

    /// Gives a waiting letter up.
    pub(crate) async fn discard(&self, id: Uuid, reason: Option<&str>, doer: &Doer) -> Result<(), DeadLetterError> {
        let discarded = self.0.letters.discard(id, reason, doer).await?;
        if discarded { Ok(()) } else { Err(self.why_not(id).await) }
    }

    async fn why_not(&self, id: Uuid) -> DeadLetterError {
        match self.find(id).await {
            Ok(letter) if letter.state == LetterState::Waiting.name() => DeadLetterError::Changed,
            Ok(letter) => DeadLetterError::NotWaiting(letter.state),
            Err(error) => error,
        }
    }

    async fn keep_tidy(self) {
        let kept = TimeDelta::days(i64::from(self.0.settings.retention_days));
        loop {
            let before = self.0.clock.now().checked_sub_signed(kept).unwrap_or(chrono::DateTime::<Utc>::MIN_UTC);
            match self.0.letters.purge(before).await {
                Ok(purged) => tracing::debug!(purged, "settled dead letters are taken away"),
                Err(error) => tracing::warn!(error = %error, "settled dead letters could not be taken away"),
            }
            tokio::time::sleep(Duration::from_secs(self.0.settings.purge_interval_s)).await;
        }
    }
}

impl Letter {
    /// Properties and headers, as they are shown; what is damaged says so, and does not take a whole list with it.
    pub(crate) fn shown(&self) -> (Map<String, Value>, Map<String, Value>) {
        match properties::decode(&self.properties) {
            Ok(read) => {
                let headers = read.headers().as_ref().map_or_else(Map::new, properties::shown_headers);
                (properties::shown(&read), headers)
            }
            Err(error) => {
                tracing::error!(dead_letter.id = %self.id, "dead letter {}: {error}", self.id);
                (Map::from_iter([("damaged".to_owned(), Value::Bool(true))]), Map::new())
            }
        }
    }
}
