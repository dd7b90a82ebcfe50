//! Where sagas are kept: what the engine needs of a store, and the documents that go in and out.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::SagaState;
use serde_json::value::RawValue;
use uuid::Uuid;

mod record;
mod told;

pub use record::{Record, Settled};
pub use told::{Progress, Told};

use super::Journal;

/// The saga log. What a method has answered is durable; only [`Log::note`] may be forgotten in a crash.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// Records a new saga, owned by `owner`; says so if there is one of this id, subject, or caller and key.
    async fn begin(&self, opening: Opening, owner: Owner) -> Result<Begun, LogError>;

    /// Writes progress behind, unawaited: a later note or record of the saga supersedes it, and it may be lost.
    fn note(&self, entry: Entry);

    /// Writes the entry, if the saga still belongs to the owner who wrote it, and was not turned back while that went
    /// forward.
    async fn record(&self, entry: Entry) -> Result<Kept, LogError>;

    /// Renews the owner's leases on these sagas, as far as they are still its own.
    async fn renew(&self, owner: Owner, sagas: Vec<Uuid>) -> Result<(), LogError>;

    /// Takes up to `limit` sagas that are due and that nobody works on.
    async fn claim(&self, owner: Owner, limit: usize) -> Result<Vec<Claim>, LogError>;

    /// The saga with this id.
    async fn find(&self, id: Uuid) -> Result<Option<Record>, LogError>;

    /// The saga about this subject.
    async fn by_subject(&self, subject: Uuid) -> Result<Option<Record>, LogError>;

    /// Sagas, the youngest first.
    async fn list(&self, filter: &Filter) -> Result<Vec<Record>, LogError>;

    /// How many sagas are in each state, each counted up to `most`.
    async fn count(&self, most: usize) -> Result<Vec<(SagaState, usize)>, LogError>;
    /// Gives a saga that somebody has decided on to whoever takes it next, unless it has changed since it was read.
    async fn reopen(&self, seen: &Record, entry: Entry) -> Result<Kept, LogError>;
}

/// A process that works on sagas, and for how long it may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// Made anew at every start.
    pub id: Uuid,
    /// Its sagas are free when it has not renewed its lease for so long.
    pub lease: Duration,
}

/// A saga to be begun. It can't be printed: its input may hold a token.
#[derive(Clone)]
pub struct Opening {
    /// Its id.
    pub id: Uuid,
    /// The plan's name.
    pub name: String,
    /// What it is about.
    pub subject: Uuid,
    /// What its steps need to know.
    pub input: Box<RawValue>,
    /// Untouched.
    pub journal: Journal,
    /// The first step.
    pub step: String,
    /// From here on it turns back, if it is still before its pivot.
    pub deadline_at: DateTime<Utc>,
    /// Who asked for it.
    pub origin: Origin,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// Who asked for a saga, and how the same request is known again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Such as `customer:<id>`.
    pub caller: String,
    /// The caller's idempotency key.
    pub key: Option<String>,
    /// A digest of the request, to tell a repetition from another request under the same key.
    pub digest: Vec<u8>,
    /// `<request id> <traceparent>` of the request.
    pub context: Option<String>,
}

/// What became of an opening.
#[derive(Debug)]
pub enum Begun {
    /// It is recorded.
    New,
    /// The caller has sent the same request before.
    Existing(Box<Record>),
    /// The caller has used the key for another request.
    Mismatch,
}

impl Begun {
    /// What an opening of this id and origin has met.
    pub(crate) fn meeting(record: Record, id: Uuid, origin: &Origin) -> Self {
        let same_key = origin.key.is_some() && record.origin.key == origin.key;
        let same_request = same_key && record.origin.caller == origin.caller && record.origin.digest == origin.digest;
        if record.id == id || same_request { Self::Existing(Box::new(record)) } else { Self::Mismatch }
    }
}

/// What changes in a saga's row.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which saga.
    pub id: Uuid,
    /// Who writes.
    pub owner: Uuid,
    /// How far it has come.
    pub state: SagaState,
    /// The step it stands at.
    pub step: String,
    /// How often that was tried.
    pub attempts: u32,
    /// The whole journal.
    pub journal: Journal,
    /// Not to be worked on before.
    pub due_at: DateTime<Utc>,
    /// Why the last try did not succeed.
    pub last_error: Option<String>,
    /// The caller's answer, a document or a problem, once it is settled.
    pub outcome: Option<Box<RawValue>>,
    /// Whose it is from now on.
    pub hold: Hold,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Whether the writer keeps the saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It goes on working on it.
    Keep,
    /// It is done with it, for now or for good.
    Release,
}

/// Whether a write counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is durable.
    Yes,
    /// The saga is no longer the writer's: nothing was written.
    Lost,
}

/// A saga that was taken to be worked on.
#[derive(Debug)]
pub struct Claim {
    /// The saga.
    pub record: Record,
    /// How it was left.
    pub left: Left,
}

/// How the last owner left a saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It wrote down all it had done.
    Tidy,
    /// It fell silent, and may have done more than it wrote down.
    Abandoned,
}

/// Which sagas to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<SagaState>,
    /// Only the one about this subject.
    pub subject: Option<Uuid>,
    /// Only those older than this one.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: usize,
}

/// The saga log failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// The store can't be reached, or not in time. Whether a write happened is not known.
    #[error("the saga log can't be reached: {0}")]
    Unavailable(String),
    /// The store won't take this entry.
    #[error("the saga log refused an entry: {0}")]
    Refused(String),
    /// What is kept can't be read.
    #[error("saga {id} can't be read: {reason}")]
    Unreadable {
        /// Which saga.
        id: Uuid,
        /// What is wrong with it.
        reason: String,
    },
}
