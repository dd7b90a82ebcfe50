//! The ceiling: the same loop in bare lapin, with nothing around it. Runs as a process of its own.

use anyhow::{Context, Result};
use futures_util::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};

use super::PREFETCH;

/// Passes on for ever: `url from exchange key`.
#[expect(clippy::disallowed_methods, reason = "a loop that ends with its process, as bare as can be")]
pub(crate) async fn pass_on(arguments: &[String]) -> Result<()> {
    let [url, from, exchange, key] = arguments else { anyhow::bail!("url, queue, exchange, key") };
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    let (taking, giving) = (connection.create_channel().await?, connection.create_channel().await?);
    giving.confirm_select(ConfirmSelectOptions::default()).await?;
    taking.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let mut consumer = taking.basic_consume(from.as_str().into(), "".into(), options, FieldTable::default()).await?;
    while let Some(delivery) = consumer.next().await {
        let delivery = delivery?;
        let confirm = publish(&giving, (exchange, key), &delivery).await?;
        tokio::spawn(async move {
            if confirm.await.is_ok_and(|confirmation| confirmation.is_ack()) {
                delivery.ack(BasicAckOptions::default()).await.ok();
            }
        });
    }
    Err(anyhow::anyhow!("the broker has ended the consumer")).context(from.clone())
}

async fn publish(
    giving: &Channel,
    (exchange, key): (&str, &str),
    delivery: &lapin::message::Delivery,
) -> Result<lapin::PublisherConfirm> {
    let options = BasicPublishOptions::default();
    let properties = delivery.properties.clone();
    Ok(giving.basic_publish(exchange.into(), key.into(), options, &delivery.data, properties).await?)
}
