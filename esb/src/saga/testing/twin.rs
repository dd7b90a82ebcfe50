//! The saga log in memory, for the property tests; `contract.rs` holds it and PostgreSQL to the same rules.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chassis::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::SagaState;
use uuid::Uuid;

use crate::saga::{Begun, Claim, Entry, Filter, Hold, Kept, Left, Log, LogError, Opening, Owner, Record};

pub(crate) struct Twin {
    clock: Clock,
    rows: Mutex<BTreeMap<Uuid, Row>>,
}

struct Row {
    record: Record,
    owner: Option<Uuid>,
    lease_until: DateTime<Utc>,
}

impl Twin {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, rows: Mutex::default() }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<Uuid, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease_until(&self, owner: Owner) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::from_std(owner.lease).unwrap()
    }

    fn write(&self, entry: Entry) -> Kept {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(&entry.id) else { return Kept::Lost };
        let repeated = row.owner.is_none() && row.record.state == entry.state && row.record.updated_at == entry.at;
        if row.owner != Some(entry.owner) && !repeated {
            return Kept::Lost;
        }
        let back = row.record.state == SagaState::Compensating;
        if back && matches!(entry.state, SagaState::Running | SagaState::Completed) {
            return Kept::Lost;
        }
        row.owner = (entry.hold == Hold::Keep).then_some(entry.owner);
        row.record.apply(entry);
        Kept::Yes
    }
}

impl Record {
    fn apply(&mut self, entry: Entry) {
        self.state = entry.state;
        self.step = entry.step;
        self.attempts = entry.attempts;
        // As from a store: through its text.
        self.journal = serde_json::from_str(&serde_json::to_string(&entry.journal).unwrap()).unwrap();
        self.due_at = entry.due_at;
        self.last_error = entry.last_error;
        self.outcome = entry.outcome;
        self.updated_at = entry.at;
    }

    fn opened(opening: Opening) -> Self {
        Self {
            id: opening.id,
            name: opening.name,
            subject: opening.subject,
            state: SagaState::Running,
            step: opening.step,
            attempts: 0,
            input: opening.input,
            journal: opening.journal,
            due_at: opening.created_at,
            deadline_at: opening.deadline_at,
            last_error: None,
            outcome: None,
            origin: opening.origin,
            created_at: opening.created_at,
            updated_at: opening.created_at,
        }
    }
}

#[async_trait]
impl Log for Twin {
    async fn begin(&self, opening: Opening, owner: Owner) -> Result<Begun, LogError> {
        let mut rows = self.rows();
        let same = |other: &&Row| {
            let (a, b) = (&other.record.origin, &opening.origin);
            let same_key = a.key.is_some() && a.key == b.key && a.caller == b.caller;
            other.record.id == opening.id || other.record.subject == opening.subject || same_key
        };
        if let Some(holder) = rows.values().find(same) {
            return Ok(Begun::meeting(holder.record.clone(), opening.id, &opening.origin));
        }
        let record = Record::opened(opening);
        rows.insert(record.id, Row { record, owner: Some(owner.id), lease_until: self.lease_until(owner) });
        Ok(Begun::New)
    }

    fn note(&self, entry: Entry) {
        self.write(entry);
    }

    async fn record(&self, entry: Entry) -> Result<Kept, LogError> {
        Ok(self.write(entry))
    }

    async fn renew(&self, owner: Owner, sagas: Vec<Uuid>) -> Result<(), LogError> {
        let until = self.lease_until(owner);
        let mut rows = self.rows();
        let ours = rows.values_mut().filter(|row| row.owner == Some(owner.id) && sagas.contains(&row.record.id));
        ours.for_each(|row| row.lease_until = until);
        Ok(())
    }

    async fn claim(&self, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError> {
        let (now, until) = (self.clock.now(), self.lease_until(owner));
        let mut rows = self.rows();
        let due = |row: &&mut Row| {
            let live = matches!(row.record.state, SagaState::Running | SagaState::Compensating);
            live && row.record.due_at <= now && (row.owner.is_none() || row.lease_until < now)
        };
        let take = |row: &mut Row| {
            let left = row.owner.map_or(Left::Tidy, |_silent| Left::Abandoned);
            (row.owner, row.lease_until) = (Some(owner.id), until);
            Claim { record: row.record.clone(), left }
        };
        Ok(rows.values_mut().filter(due).take(limit).map(take).collect())
    }

    async fn find(&self, id: Uuid) -> Result<Option<Record>, LogError> {
        Ok(self.rows().get(&id).map(|row| row.record.clone()))
    }

    async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError> {
        Ok(self.rows().values().find(|row| row.record.subject == subject).map(|row| row.record.clone()))
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError> {
        let wanted = |record: &&Record| {
            filter.state.is_none_or(|state| record.state == state)
                && filter.subject.is_none_or(|subject| record.subject == subject)
                && filter.before.is_none_or(|before| record.id < before)
        };
        let rows = self.rows();
        Ok(rows.values().rev().map(|row| &row.record).filter(wanted).take(filter.limit).cloned().collect())
    }

    async fn count(&self, most: usize) -> Result<Vec<(SagaState, usize)>, LogError> {
        let rows = self.rows();
        let count = |state| rows.values().filter(|row| row.record.state == state).take(most).count();
        Ok(SagaState::ALL.map(|state| (state, count(state))).to_vec())
    }

    async fn reopen(&self, seen: &Record, entry: Entry) -> Result<Kept, LogError> {
        let mut rows = self.rows();
        let row = rows.get_mut(&seen.id).filter(|row| row.record.state == seen.state);
        let Some(row) = row.filter(|row| row.record.updated_at == seen.updated_at) else { return Ok(Kept::Lost) };
        row.owner = None;
        row.record.apply(entry);
        Ok(Kept::Yes)
    }
}

struct Bench {
    clock: Clock,
    twin: Twin,
}

impl super::contract::Kit for Bench {
    type Log = Twin;

    fn log(&self) -> &Twin {
        &self.twin
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn pass(&self, time: std::time::Duration) {
        self.clock.advance(TimeDelta::from_std(time).unwrap());
    }
}

fn bench() -> Bench {
    let clock = Clock::frozen(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
    Bench { twin: Twin::new(clock.clone()), clock }
}

super::contract::log_contract!(bench());
