//! The answer to a message, where its sender has asked for one.

use std::collections::BTreeMap;

use bytes::Bytes;
use chassis::bus::{Bus, Outgoing, PublishError};
use chassis::{Context, REQUEST_ID, TRACEPARENT, trace};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, ShortString};

/// What HTTP would have answered.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// What the body is.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// To whoever sent a message with these properties; to nobody, where they have not asked. That they have gone
    /// meanwhile is no error.
    pub async fn send(&self, asked: &BasicProperties, bus: &Bus) -> Result<(), PublishError> {
        let Some(reply_to) = asked.reply_to().as_ref().map(ShortString::as_str).filter(|queue| !queue.is_empty())
        else {
            return Ok(());
        };
        let context = Context::current().unwrap_or_else(Context::begin);
        let mut span = trace::publishing(&context, "", reply_to);
        let properties = self.properties(asked, span.context().unwrap_or(&context));
        span.note(bus.publish(Outgoing { exchange: "", key: reply_to, properties, body: &self.body }).await)
    }

    fn properties(&self, asked: &BasicProperties, context: &Context) -> BasicProperties {
        let text = |value: String| AMQPValue::LongString(value.into());
        let headers = [
            ("status", AMQPValue::LongInt(self.status.into())),
            (REQUEST_ID, text(context.request_id.clone())),
            (TRACEPARENT, text(context.traceparent())),
        ];
        let headers = headers.map(|(name, value)| (ShortString::from(name), value));
        let kind = if self.status < 400 { "reply" } else { "problem" };
        let mut properties =
            BasicProperties::default().with_type(kind.into()).with_headers(BTreeMap::from(headers).into());
        if let Ok(content_type) = ShortString::try_new(self.content_type.clone()) {
            properties = properties.with_content_type(content_type);
        }
        match asked.correlation_id().as_ref().or(asked.message_id().as_ref()) {
            Some(id) => properties.with_correlation_id(id.clone()),
            None => properties,
        }
    }
}
