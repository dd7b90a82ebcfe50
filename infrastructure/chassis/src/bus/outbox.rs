//! What a service has to tell, written with the change itself, and relayed to the bus later, at least once.

use std::future::Future;
use std::time::Duration;

use uuid::Uuid;

use crate::BoxError;

/// An event that the bus has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// The event's id.
    pub id: Uuid,
    /// Its type, which is its routing key, such as `order.confirmed`.
    pub kind: String,
    /// The id of the document it is about; order is kept for each subject.
    pub subject: String,
    /// The `CloudEvent`, as JSON.
    pub body: Vec<u8>,
}

/// A store's outbox.
pub trait Outbox: Send + Sync + 'static {
    /// Takes or keeps the lead for `owner`: one instance of a service relays at a time. Whether `owner` leads now, and
    /// for `lease` longer.
    fn lead(&self, owner: Uuid, lease: Duration) -> impl Future<Output = Result<bool, BoxError>> + Send;

    /// The oldest unsent events, `limit` at most; those of one subject in the order of their changes.
    fn unsent(&self, limit: u32) -> impl Future<Output = Result<Vec<Unsent>, BoxError>> + Send;

    /// Takes away what the bus has confirmed.
    fn forget(&self, sent: &[Unsent]) -> impl Future<Output = Result<(), BoxError>> + Send;
}
