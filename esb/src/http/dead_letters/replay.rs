//! Replays on the wire.

use chrono::{DateTime, Utc};
use contracts::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::document::named;
use crate::dead_letters::store::{Job, Target};

/// What a replay would do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Preview {
    pub(super) count: i64,
    pub(super) targets: Vec<ReplayTarget>,
}

/// Where some would go.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReplayTarget {
    /// Empty for the default exchange, whose routing keys are queues.
    exchange: String,
    routing_key: String,
    count: i64,
}

/// A replay of many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Replay {
    id: Id<Replay>,
    state: ReplayState,
    /// Who asked for it.
    actor: String,
    /// As it was asked for.
    #[schema(value_type = Object)]
    selection: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_second: Option<i32>,
    /// Empty where they grow tenfold from 1.
    batches: Vec<i64>,
    stop_on_failure: bool,
    total: i64,
    replayed: i64,
    failed: i64,
    /// Those that were no longer waiting when their turn came.
    skipped: i64,
    /// Replays that are dead letters again.
    came_back: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// How far a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReplayState {
    /// On its way.
    Running,
    /// Until it is resumed.
    Paused,
    /// Cancelled, or at its first failure; `detail` says which.
    Stopped,
    /// Through with all.
    Done,
    /// None could be replayed.
    Failed,
}

impl From<Target> for ReplayTarget {
    fn from(Target { exchange, routing_key, count }: Target) -> Self {
        Self { exchange, routing_key, count }
    }
}

impl From<Job> for Replay {
    fn from(job: Job) -> Self {
        Self {
            id: Id::from_uuid(job.id),
            state: named(&job.state).unwrap_or(ReplayState::Running),
            actor: job.actor,
            selection: job.selection,
            per_second: job.per_second,
            batches: job.batches,
            stop_on_failure: job.stop_on_failure,
            total: job.total,
            replayed: job.replayed,
            failed: job.failed,
            skipped: job.skipped,
            came_back: job.came_back,
            detail: job.detail,
            created_at: job.created_at,
            updated_at: job.updated_at,
        }
    }
}
