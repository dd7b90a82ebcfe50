//! From a message to a request: who asks, what for, under which key.

use std::sync::Arc;

use ::http::HeaderMap;
use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use chassis::auth::Caller;
use chassis::{Failure, Kind};
use lapin::types::ShortString;

use super::verdict::{Refusal, Told};
use super::{AmqpDoor, Message, header};
use crate::endpoint::amqp_in::Reason;
use crate::endpoint::message::Request;
use crate::endpoint::services::Silence;
use crate::policy::{Formats, IdempotencyKey, admit};
use crate::route::door::wish::{Wish, headers};
use crate::route::mediation::Interpreter;
use crate::route::pattern::HttpPattern;
use crate::route::pipeline::{Bus, Passage, Ready};

/// Somebody who asks, and the token that shows it.
struct Sender {
    client: String,
    token: Arc<str>,
    caller: Caller,
}

impl AmqpDoor {
    /// What is answered to the message.
    pub(super) async fn ask(&self, ready: &Ready, message: &Message) -> Told {
        let mut told = self.try_to_ask(ready, message).await.unwrap_or_else(Told::from);
        // A token may be refused because it is older than the keys, or than a revocation; it is forgotten by now.
        if told.status() == 401 {
            told = self.try_to_ask(ready, message).await.unwrap_or_else(Told::from);
        }
        told.problem_in(Formats::of_any_answer(&formats(message)))
    }

    async fn try_to_ask(&self, ready: &Ready, message: &Message) -> Result<Told, Refusal> {
        let Some(operation) = &ready.operation else { return Err(nobody_answers().into()) };
        let sender = self.sender(message).await?;
        admit(&ready.route.allow, || Ok(sender.caller.clone()))?;
        let interpreter = interpreter(&self.bus, ready, message)?;
        let key = key(operation, message)?;
        let document = interpreter.read_message(message.body.as_slice()).map_err(unfit)?;
        let catalog = self.bus.mediator.catalog();
        let known = catalog.parameters(&ready.route.name);
        let Wish { target, values, body } = Wish::of(operation, known, &document).map_err(unfit)?;
        let headers = headers(ready, Some(&sender.token), key.as_ref());
        let body = ready.intake().accept(body)?;
        let request = Request { method: operation.method.clone(), target, headers, origin: None, body };
        let values = values.iter().map(String::as_str).collect();
        let passage =
            Passage { bus: &self.bus, proxy: &self.proxy, ready, values, request, caller: Some(sender.caller) };
        let told = Told::by(interpreter.write(Box::pin(passage.go()).await?).await?).await?;
        if told.status() == 401 {
            self.clients.forget(&sender.client, &sender.token);
        }
        Ok(told)
    }

    /// Whom the broker names, or else whom the settings name.
    async fn sender(&self, message: &Message) -> Result<Sender, Failure> {
        let named = message.properties.user_id().as_ref().map(ShortString::as_str);
        let client = named.filter(|name| !name.is_empty()).unwrap_or(&self.settings.unnamed_client).to_owned();
        if client.is_empty() {
            return Err(forbidden("the message does not say who sent it: set the property `user_id`"));
        }
        let token = self.clients.token(&client).await.map_err(|silence| unknown(&client, &silence))?;
        let unknowable =
            |error| Failure::internal(Kind::Unavailable, "keys-unavailable", &std::io::Error::other(error));
        let Some(caller) = self.auth.check(&token).await.map_err(unknowable)? else {
            self.clients.forget(&client, &token);
            return Err(Failure::new(Kind::Unavailable, "unavailable", "the sender's token is not good right now"));
        };
        Ok(Sender { client, token, caller })
    }
}

/// Who turns the message's document, and that of the answer.
fn interpreter(bus: &Bus, ready: &Ready, message: &Message) -> Result<Interpreter, Refusal> {
    let found = ready.interpreter(bus, &formats(message)).and_then(|found| found.ok_or_else(nobody_answers));
    found.map_err(unfit)
}

/// What can never be a document is refused at once; what can't be right now is not.
fn unfit(failure: Failure) -> Refusal {
    let reason = match failure.kind() {
        Kind::Malformed | Kind::UnsupportedMedia | Kind::NotAcceptable | Kind::TooLarge => Some(Reason::Unparsable),
        _ => None,
    };
    Refusal { reason, failure }
}

/// What the message says of its format and its answer's, in HTTP's words.
fn formats(message: &Message) -> HeaderMap {
    let properties = &message.properties;
    let content_type = properties.content_type().as_ref().map(ShortString::as_str).filter(|text| !text.is_empty());
    let accept = header(properties, ACCEPT.as_str()).filter(|_| properties.reply_to().is_some());
    let mut headers = HeaderMap::new();
    let said = [(CONTENT_TYPE, content_type.unwrap_or("application/json")), (ACCEPT, accept.unwrap_or("*/*"))];
    for (name, text) in said {
        headers.insert(name, HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unreadable")));
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("1"));
    headers
}

/// The message's id, for all that is not safe to do twice.
fn key(operation: &HttpPattern, message: &Message) -> Result<Option<IdempotencyKey>, Refusal> {
    if operation.method.is_safe() {
        return Ok(None);
    }
    let id = message.properties.message_id().as_ref().map(ShortString::as_str).filter(|id| !id.is_empty());
    let Some(id) = id else {
        let detail = "a message that changes something needs a `message_id`: else a second one is not told from it";
        let failure = Failure::new(Kind::Invalid, "missing-message-id", detail);
        return Err(Refusal { reason: Some(Reason::MissingMessageId), failure });
    };
    Ok(Some(IdempotencyKey::parse(id.as_bytes())?))
}

fn unknown(client: &str, silence: &Silence) -> Failure {
    match silence {
        Silence::NoGrant => forbidden(&format!("the sender `{client}` is no machine client")),
        other => Failure::internal(Kind::Unavailable, "unavailable", other),
    }
}

fn forbidden(detail: &str) -> Failure {
    Failure::new(Kind::Forbidden, "forbidden", detail)
}

fn nobody_answers() -> Failure {
    Failure::new(Kind::Missing, "not-found", "nobody answers here")
}
