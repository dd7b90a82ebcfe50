//! What has happened, as CloudEvents 1.0 in structured mode.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version of CloudEvents that every event names.
pub const SPEC_VERSION: &str = "1.0";

/// An event: `data` is the whole document that changed, as it stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<T> {
    /// `1.0`.
    pub specversion: String,
    /// Unique per event; consumers know by it what they have seen.
    pub id: Uuid,
    /// The service it comes from, such as `/order-service`.
    pub source: String,
    /// Such as `order.confirmed`; the routing key too.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the document.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// `application/json`.
    pub datacontenttype: String,
    /// The W3C trace context of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The id of the request that made the change, as in `x-request-id`; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requestid: Option<String>,
    /// The document.
    pub data: T,
}
