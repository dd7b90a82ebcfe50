//! Somebody who sends messages, waits for answers, and looks at the dead letters.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions,
    QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer, ExchangeKind};
use serde_json::Value;
use tokio::sync::Mutex;

/// How long an answer or a dead letter is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection of its own, with a queue for answers.
pub(crate) struct Sender {
    _connection: Connection,
    pub(crate) channel: Channel,
    replies: String,
    answers: Mutex<Consumer>,
    letters: Mutex<Consumer>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: i32,
    pub(crate) delivery: Delivery,
    pub(crate) body: Value,
}

impl Reply {
    /// `422 invalid-request`, or the status alone where it is no problem.
    pub(crate) fn told(&self) -> String {
        let kind = self.body["type"].as_str().and_then(|kind| kind.strip_prefix("urn:problem:"));
        kind.map_or_else(|| self.status.to_string(), |kind| format!("{} {kind}", self.status))
    }
}

/// Properties of a command of the client `shop`.
pub(crate) fn command(id: &str) -> BasicProperties {
    question().with_message_id(id.into()).with_content_type("application/json".into())
}

/// Properties of a question of the client `shop`.
pub(crate) fn question() -> BasicProperties {
    BasicProperties::default().with_user_id("shop".into())
}

/// A header that is a text.
pub(crate) fn header(delivery: &Delivery, name: &str) -> Option<String> {
    let headers = delivery.properties.headers().as_ref()?.inner();
    headers.get(name)?.as_long_string().map(ToString::to_string)
}

impl Sender {
    pub(crate) async fn connect(url: &str) -> Self {
        let connection = Connection::connect(url, ConnectionProperties::default()).await.expect("a connection");
        let channel = connection.create_channel().await.unwrap();
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        let exclusive = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
        let replies = channel.queue_declare("".into(), exclusive, FieldTable::default()).await.unwrap();
        let replies = replies.name().as_str().to_owned();
        let answers = Mutex::new(consume(&channel, &replies).await);
        let letters = Mutex::new(consume(&channel, &copies_of_letters(&channel).await).await);
        Self { _connection: connection, channel, replies, answers, letters }
    }

    /// Publishes to the bus, and waits until the broker has it.
    pub(crate) async fn post(&self, key: &str, body: impl AsRef<[u8]>, properties: BasicProperties) {
        self.publish(("esb_exchange", key), body.as_ref(), properties).await;
    }

    pub(crate) async fn publish(&self, (exchange, key): (&str, &str), body: &[u8], properties: BasicProperties) {
        let options = BasicPublishOptions::default();
        let sent = self.channel.basic_publish(exchange.into(), key.into(), options, body, properties).await;
        assert!(sent.unwrap().await.unwrap().is_ack());
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn ask(&self, key: &str, body: impl AsRef<[u8]>, properties: BasicProperties) -> Reply {
        self.post(key, body, properties.with_reply_to(self.replies.as_str().into())).await;
        self.answer().await
    }

    /// The next answer.
    pub(crate) async fn answer(&self) -> Reply {
        let delivery = next(&mut *self.answers.lock().await).await;
        let status = delivery.properties.headers().as_ref().unwrap().inner()["status"].clone();
        let AMQPValue::LongInt(status) = status else { panic!("no status: {delivery:?}") };
        let body = serde_json::from_slice(&delivery.data).unwrap_or_default();
        Reply { status, delivery, body }
    }

    /// The next dead letter.
    pub(crate) async fn letter(&self) -> Delivery {
        next(&mut *self.letters.lock().await).await
    }

    /// That there was no dead letter up to now: the next one is one that is sent here.
    pub(crate) async fn expect_no_letters(&self) {
        self.post("nowhere", "a mark", BasicProperties::default()).await;
        let letter = self.letter().await;
        assert_eq!(letter.data, b"a mark", "{letter:?}");
    }
}

/// A queue that gets what goes to the dead letters; the bus drains their own.
async fn copies_of_letters(channel: &Channel) -> String {
    let exclusive = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
    let queue = channel.queue_declare("".into(), exclusive, FieldTable::default()).await.unwrap();
    let queue = queue.name().as_str().to_owned();
    for (exchange, kind) in [("dead_letters", ExchangeKind::Direct), ("unroutable", ExchangeKind::Fanout)] {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        channel.exchange_declare(exchange.into(), kind, durable, FieldTable::default()).await.unwrap();
        let (name, key) = (queue.as_str().into(), "dead_letters".into());
        channel
            .queue_bind(name, exchange.into(), key, QueueBindOptions::default(), FieldTable::default())
            .await
            .unwrap();
    }
    queue
}

pub(crate) async fn consume(channel: &Channel, queue: &str) -> Consumer {
    let options = BasicConsumeOptions::default();
    channel.basic_consume(queue.into(), "".into(), options, FieldTable::default()).await.expect("a queue")
}

pub(crate) async fn next(consumer: &mut Consumer) -> Delivery {
    let waited = tokio::time::timeout(PATIENCE, consumer.next()).await.expect("a message in time");
    let delivery = waited.expect("a consumer").expect("a connection");
    delivery.ack(BasicAckOptions::default()).await.unwrap();
    delivery
}
