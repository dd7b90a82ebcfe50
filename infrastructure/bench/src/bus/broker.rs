//! The broker of the benchmark: queues to fill, and to count.

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use lapin::options::{
    BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
    QueuePurgeOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};

/// How many publishes wait for their confirms at once.
const WAVE: usize = 500;
const PERSISTENT: u8 = 2;

/// A connection to it.
pub(super) struct Broker {
    channel: Channel,
    _connection: Connection,
}

impl Broker {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self { channel, _connection: connection })
    }

    /// A quorum queue bound to the durable direct exchange `exchange` by its own name.
    pub(super) async fn queue(&self, exchange: &str, name: &str) -> Result<()> {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let none = FieldTable::default;
        self.channel.exchange_declare(exchange.into(), ExchangeKind::Direct, durable, none()).await?;
        let mut quorum = FieldTable::default();
        quorum.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        self.channel.queue_declare(name.into(), QueueDeclareOptions::durable(), quorum).await?;
        self.channel.queue_bind(name.into(), exchange.into(), name.into(), QueueBindOptions::default(), none()).await?;
        Ok(())
    }

    /// Publishes `count` messages of `size` bytes, each confirmed.
    pub(super) async fn fill(&self, (exchange, key): (&str, &str), count: usize, size: usize) -> Result<()> {
        let body = vec![b'x'; size];
        for wave in 0..count.div_ceil(WAVE) {
            let mut sent = Vec::with_capacity(WAVE);
            for number in wave * WAVE..((wave + 1) * WAVE).min(count) {
                let properties = BasicProperties::default()
                    .with_delivery_mode(PERSISTENT)
                    .with_message_id(format!("bench-{number}").into());
                let options = BasicPublishOptions::default();
                sent.push(self.channel.basic_publish(exchange.into(), key.into(), options, &body, properties).await?);
            }
            let confirmed = try_join_all(sent).await?;
            ensure!(confirmed.iter().all(lapin::Confirmation::is_ack), "the broker refused a message");
        }
        Ok(())
    }

    /// How many messages wait in the queue.
    pub(super) async fn depth(&self, queue: &str) -> Result<usize> {
        let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let declared = self.channel.queue_declare(queue.into(), passive, FieldTable::default()).await;
        let declared = declared.with_context(|| format!("there is no queue {queue}"))?;
        Ok(usize::try_from(declared.message_count())?)
    }

    pub(super) async fn purge(&self, queue: &str) -> Result<()> {
        self.channel.queue_purge(queue.into(), QueuePurgeOptions::default()).await?;
        Ok(())
    }
}
