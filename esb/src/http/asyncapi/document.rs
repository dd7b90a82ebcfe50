//! The document: a channel and an operation for each routing key, and a channel for the answers to it.

use serde_json::{Map, Value, json};

use super::words::{EVENTS, Identity, OPERATIONS, Operation, Request, Told, Undescribed, schemas};

/// The description, whole.
pub(super) fn document() -> Result<Value, Undescribed> {
    let mut written = Written { schemas: schemas()?, ..Written::default() };
    for operation in &OPERATIONS {
        written.operation(operation)?;
    }
    for told in &EVENTS {
        written.event(told);
    }
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "ecommerce-soa",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Operations by message, through `esb_exchange`; and what has happened, on `domain_events`.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": written.channels,
        "operations": written.operations,
        "components": {"messages": written.messages, "schemas": written.schemas},
    }))
}

#[derive(Default)]
struct Written {
    channels: Map<String, Value>,
    operations: Map<String, Value>,
    messages: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl Written {
    fn operation(&mut self, operation: &Operation) -> Result<(), Undescribed> {
        let (key, replies) = (operation.key, format!("{}.reply", operation.key));
        let payload = self.payload(operation)?;
        self.messages.insert(key.to_owned(), asked(operation, &payload));
        self.channels.insert(key.to_owned(), channel(key, ("esb_exchange", "direct")));
        let answers = operation.answers.iter().chain(&["Problem"]).copied();
        let answers = answers.map(|name| (name.to_owned(), self.answer(name))).collect::<Map<_, _>>();
        let told = answers.keys().map(|name| reference(&["channels", &replies, "messages", name])).collect::<Vec<_>>();
        // Where answers go, whoever asks says.
        self.channels.insert(replies.clone(), json!({"address": null, "messages": answers}));
        let written = json!({
            "action": "receive",
            "summary": operation.about,
            "channel": reference(&["channels", key]),
            "messages": [reference(&["channels", key, "messages", key])],
            "reply": {
                "address": {
                    "location": "$message.header#/reply_to",
                    "description": "The property `reply_to`; without it there is no answer.",
                },
                "channel": reference(&["channels", &replies]),
                "messages": told,
            },
        });
        self.operations.insert(key.to_owned(), written);
        Ok(())
    }

    /// The schema of what is sent.
    fn payload(&mut self, operation: &Operation) -> Result<Value, Undescribed> {
        let id = json!({"type": "string", "format": "uuid", "description": "The `{id}` of the path over HTTP."});
        let mut schema = match operation.request {
            Request::Document(name) => return Ok(reference(&["components", "schemas", name])),
            Request::About(name) => self.schemas.remove(name).ok_or(Undescribed::Missing(name))?,
            Request::Id => json!({"type": "object", "additionalProperties": false}),
        };
        if let Some(fields) = schema.as_object_mut() {
            if let Some(properties) = fields.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
                properties.insert("id".to_owned(), id);
            }
            if let Some(required) = fields.entry("required").or_insert_with(|| json!([])).as_array_mut() {
                required.push(json!("id"));
            }
        }
        self.schemas.insert(operation.key.to_owned(), schema);
        Ok(reference(&["components", "schemas", operation.key]))
    }

    fn answer(&mut self, schema: &str) -> Value {
        let kind = if schema == "Problem" { "problem" } else { "reply" };
        let content = if schema == "Problem" { "application/problem+json" } else { "application/json" };
        let answer = json!({
            "name": schema,
            "contentType": content,
            "correlationId": {"location": "$message.header#/correlation_id"},
            "headers": {"type": "object", "properties": {
                "correlation_id": {"type": "string", "description": "That of the request, else its `message_id`."},
                "type": {"const": kind},
                "status": {"type": "integer", "description": "What HTTP would have said."},
            }},
            "payload": reference(&["components", "schemas", schema]),
        });
        let name = format!("{kind}.{schema}");
        let reference = reference(&["components", "messages", &name]);
        self.messages.insert(name, answer);
        reference
    }

    fn event(&mut self, told: &Told) {
        self.messages.insert(told.kind.to_owned(), happened(told));
        self.channels.insert(told.kind.to_owned(), channel(told.kind, ("domain_events", "topic")));
        let written = json!({
            "action": "send",
            "channel": reference(&["channels", told.kind]),
            "messages": [reference(&["channels", told.kind, "messages", told.kind])],
        });
        self.operations.insert(told.kind.to_owned(), written);
    }
}

fn channel(key: &str, (exchange, kind): (&str, &str)) -> Value {
    json!({
        "address": key,
        "messages": {key: reference(&["components", "messages", key])},
        "bindings": {"amqp": {
            "is": "routingKey",
            "exchange": {"name": exchange, "type": kind, "durable": true, "autoDelete": false},
            "bindingVersion": "0.3.0",
        }},
    })
}

fn asked(operation: &Operation, payload: &Value) -> Value {
    let required = match operation.identity {
        Identity::Required => json!(["message_id"]),
        Identity::Optional => json!([]),
    };
    let headers = json!({"type": "object", "required": required, "properties": {
        "message_id": {"type": "string", "description": "The property; the `Idempotency-Key` of HTTP."},
        "reply_to": {"type": "string", "description": "The property; the queue for the answer."},
        "correlation_id": {"type": "string", "description": "The property; it comes back with the answer."},
        "accept": {"type": "string", "description": "The format of the answer; that of the request where absent."},
        "traceparent": {"type": "string"},
        "x-request-id": {"type": "string"},
    }});
    json!({"name": operation.key, "summary": operation.about, "headers": headers, "payload": payload})
}

/// `CloudEvents` 1.0, structured mode.
fn happened(told: &Told) -> Value {
    let text = || json!({"type": "string"});
    json!({
        "name": told.kind,
        "contentType": "application/cloudevents+json",
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"],
            "properties": {
                "specversion": {"const": contracts::SPEC_VERSION},
                "id": {"type": "string", "format": "uuid"},
                "source": text(),
                "type": {"const": told.kind},
                "subject": {"type": "string", "format": "uuid", "description": "The id of the document."},
                "time": {"type": "string", "format": "date-time"},
                "datacontenttype": {"const": "application/json"},
                "traceparent": text(),
                "requestid": {"type": "string", "description": "The id of the request that caused it, as in `x-request-id`."},
                "data": reference(&["components", "schemas", told.data]),
            },
        },
    })
}

fn reference(place: &[&str]) -> Value {
    json!({"$ref": format!("#/{}", place.join("/"))})
}
