//! How reading the registry goes, and what leases mean when it has not gone for a while.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Service;
use super::desk::LEASE_SECONDS;
use super::picture::Entry;
use super::store::Row;
use crate::store::StoreError;

/// An outage that is shorter leaves those who renew in time enough of it.
const OUTAGE_MIN: Duration = Duration::from_secs(2);

/// How the reading goes.
#[derive(Default)]
pub(super) struct Reading {
    /// When it last went well.
    seen: Option<Instant>,
    /// Why it does not go well now.
    trouble: Option<String>,
    amnesty: Option<Amnesty>,
}

/// While the database was away nobody could renew: leases that held then are given anew, once, when it is back.
#[derive(Clone, Copy)]
struct Amnesty {
    since: Instant,
    back: Instant,
}

impl Reading {
    /// How long ago leases must have held to count.
    pub(super) fn back(&self, now: Instant) -> Duration {
        let amnesty = self.amnesty.map(|amnesty| amnesty.since);
        let since = amnesty.or(self.seen.filter(|seen| self.trouble.is_some() && now - *seen >= OUTAGE_MIN));
        since.map_or(Duration::ZERO, |since| now - since)
    }

    pub(super) fn went_well(&mut self, now: Instant) {
        let longest = Duration::from_secs((*LEASE_SECONDS.end()).into());
        self.amnesty = self.amnesty.filter(|amnesty| now - amnesty.back < longest);
        let away = self.trouble.take().and(self.seen).filter(|seen| now - *seen >= OUTAGE_MIN);
        if let Some(seen) = away {
            let since = self.amnesty.map_or(seen, |amnesty| amnesty.since);
            self.amnesty = Some(Amnesty { since, back: now });
            tracing::info!("the registry can be read again: leases that held count anew from now");
        }
        self.seen = Some(now);
    }

    pub(super) fn went_wrong(&mut self, error: &StoreError) {
        let trouble = chassis::fault::chain(error);
        if self.trouble.is_none() {
            tracing::warn!(
                error.chain = trouble,
                "the registry can't be read: services stay where they were: {trouble}"
            );
        }
        self.trouble = Some(trouble);
    }

    /// What a row means that was read at `asked`.
    pub(super) fn entry(&self, row: Row, asked: Instant) -> Entry {
        let left = Duration::from_millis(u64::try_from(row.left_ms).unwrap_or(0));
        let lease = Duration::from_secs(u64::try_from(row.lease_seconds).unwrap_or(0));
        let anew = self.amnesty.map_or(asked, |amnesty| amnesty.back + lease);
        let service = Service {
            name: row.name,
            instance: row.instance.to_string(),
            base: row.url,
            version: row.version,
            openapi_url: row.openapi_url,
            lease_expires_at: Some(row.lease_expires_at),
        };
        Entry { service: Arc::new(service), until: (asked + left).max(anew) }
    }
}
