//! An operator at a desk: a bus of its own with a broker of its own, and somebody who publishes and consumes there.

use std::collections::BTreeMap;

use chassis::bus::Queue;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use lapin::message::BasicGetMessage;
use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, BasicRejectOptions, ConfirmSelectOptions,
    ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};
use reqwest::Method;
use serde_json::{Value, json};
use testbed::Vhost;

use crate::fixture::{Answer, Bus, Changes, until};
use crate::upstream::Upstream;

/// The desk.
pub(crate) struct Desk {
    pub(crate) bus: Bus,
    pub(crate) token: String,
    pub(crate) vhost: Vhost,
    pub(crate) channel: Channel,
    pub(crate) connection: Connection,
}

pub(crate) fn changes(vhost: &Vhost) -> Changes {
    vec![("BROKER__URL", vhost.url.clone()), ("DEAD_LETTERS__SCAN_MS", "50".to_owned())]
}

pub(crate) fn headers(pairs: &[(&str, &str)]) -> FieldTable {
    let text = |value: &str| AMQPValue::LongString(value.into());
    let table = pairs.iter().map(|(name, value)| ((*name).into(), text(value))).collect::<BTreeMap<_, _>>();
    table.into()
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::changed(Vec::new()).await
    }

    pub(crate) async fn changed(more: Changes) -> Self {
        let vhost = testbed::shared().await.amqp_vhost("letters").await;
        let connection = Connection::connect(&vhost.url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        let changes = changes(&vhost).into_iter().chain(more).collect();
        let bus = Bus::changed(&Upstream::saying(404, json!({})), changes).await;
        let desk = Self { token: bus.issuer.operator(), bus, vhost, channel, connection };
        desk.declare().await;
        desk
    }

    /// As the messaging of the ESB declares it: what no route takes goes to the dead letters.
    async fn declare(&self) {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let none = FieldTable::default;
        self.channel.exchange_declare("unroutable".into(), ExchangeKind::Fanout, durable, none()).await.unwrap();
        let arguments = headers(&[("alternate-exchange", "unroutable")]);
        self.channel.exchange_declare("esb_exchange".into(), ExchangeKind::Direct, durable, arguments).await.unwrap();
        self.queue(Queue::quorum("dead_letters"), None).await;
        self.channel.exchange_declare("dead_letters".into(), ExchangeKind::Direct, durable, none()).await.unwrap();
        for (exchange, key) in [("unroutable", ""), ("dead_letters", "dead_letters")] {
            let (queue, options) = ("dead_letters".into(), QueueBindOptions::default());
            self.channel.queue_bind(queue, exchange.into(), key.into(), options, none()).await.unwrap();
        }
    }

    /// A queue; bound to this key of `esb_exchange`, where one is given.
    pub(crate) async fn queue(&self, queue: Queue, key: Option<&str>) {
        let (name, options) = (queue.name.as_str(), QueueDeclareOptions::durable());
        self.channel.queue_declare(name.into(), options, queue.arguments.clone()).await.unwrap();
        if let Some(key) = key {
            let (options, none) = (QueueBindOptions::default(), FieldTable::default());
            self.channel.queue_bind(name.into(), "esb_exchange".into(), key.into(), options, none).await.unwrap();
        }
    }

    pub(crate) async fn publish(&self, (exchange, key): (&str, &str), properties: BasicProperties, body: &[u8]) {
        let properties = properties.with_delivery_mode(2);
        let options = BasicPublishOptions::default();
        let confirm = self.channel.basic_publish(exchange.into(), key.into(), options, body, properties).await.unwrap();
        assert!(confirm.await.unwrap().is_ack());
    }

    /// Messages that no route takes, numbered from 0.
    pub(crate) async fn lose(&self, key: &str, count: usize) {
        let mut confirms = Vec::new();
        for number in 0..count {
            let properties =
                BasicProperties::default().with_message_id(format!("m-{number}").into()).with_delivery_mode(2);
            let body = json!({"number": number}).to_string();
            let options = BasicPublishOptions::default();
            let sent =
                self.channel.basic_publish("esb_exchange".into(), key.into(), options, body.as_bytes(), properties);
            confirms.push(sent.await.unwrap());
        }
        for confirm in confirms {
            assert!(confirm.await.unwrap().is_ack());
        }
    }

    /// Takes the next message off a queue; waits for it.
    pub(crate) async fn take(&self, queue: &str) -> BasicGetMessage {
        let mut taken = None;
        until("a message", async || {
            taken = self.channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap();
            taken.is_some()
        })
        .await;
        let message = taken.unwrap();
        message.ack(BasicAckOptions::default()).await.unwrap();
        message
    }

    /// All that is in a queue at this moment.
    pub(crate) async fn take_all(&self, queue: &str) -> Vec<BasicGetMessage> {
        let mut all = Vec::new();
        while let Some(message) = self.channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap() {
            message.ack(BasicAckOptions::default()).await.unwrap();
            all.push(message);
        }
        all
    }

    /// Turns the next message of a queue away, as a consumer does with what it can't read.
    pub(crate) async fn reject_one(&self, queue: &str) {
        let mut taken = None;
        until("a message", async || {
            taken = self.channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap();
            taken.is_some()
        })
        .await;
        taken.unwrap().reject(BasicRejectOptions { requeue: false }).await.unwrap();
    }

    /// Takes a message and dies with it, so that it is given out again.
    pub(crate) async fn drop_one(&self, queue: &str) {
        let channel = self.connection.create_channel().await.unwrap();
        until("it is taken", async || {
            channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap().is_some()
        })
        .await;
        channel.close(200, "gone".into()).await.unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.bus.get_as(&self.token, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.bus.post_as(&self.token, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, tag: Option<&str>, body: &Value) -> Answer {
        let request = self.bus.ask(Method::PATCH, path).bearer_auth(&self.token).json(body);
        self.bus.send(if let Some(tag) = tag { request.header("if-match", tag) } else { request }).await
    }

    /// The dead letters that match, at most 100.
    pub(crate) async fn letters(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/esb/dead-letters?limit=100{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["items"].as_array().unwrap().clone()
    }

    /// The dead letters that match, once there are so many.
    pub(crate) async fn wait_for(&self, query: &str, count: usize) -> Vec<Value> {
        let mut found = Vec::new();
        until(&format!("{count} dead letters for `{query}`"), async || {
            found = self.letters(query).await;
            found.len() >= count
        })
        .await;
        assert_eq!(found.len(), count, "{found:?}");
        found
    }

    /// How many there are in the store.
    pub(crate) async fn count(&self, state: &str) -> i64 {
        let summary = self.get("/esb/dead-letters/summary").await;
        let groups = summary.body["groups"].as_array().unwrap().clone();
        groups.iter().filter(|group| group["state"] == state).map(|group| group["count"].as_i64().unwrap()).sum()
    }

    /// The replay of many, once it is in this state.
    pub(crate) async fn job_in(&self, id: &Value, state: &str) -> Value {
        let path = format!("/esb/replays/{}", id.as_str().unwrap());
        let mut job = Value::Null;
        until(&format!("the replay is {state}"), async || {
            job = self.get(&path).await.body;
            job["state"] == state
        })
        .await;
        job
    }

    /// Changes the store behind the bus's back.
    pub(crate) async fn sql(&self, statement: &str) {
        let mut connection = AsyncPgConnection::establish(&self.bus.database_url).await.unwrap();
        diesel::sql_query(statement).execute(&mut connection).await.unwrap();
    }
}

/// A message's header, as text.
pub(crate) fn header(message: &BasicGetMessage, name: &str) -> Option<String> {
    let headers = message.properties.headers().as_ref()?;
    headers.inner().get(name)?.as_long_string().map(ToString::to_string)
}

/// The path of a dead letter, and of what is done with it.
pub(crate) fn path(letter: &Value, what: &str) -> String {
    format!("/esb/dead-letters/{}{what}", letter["id"].as_str().unwrap())
}
