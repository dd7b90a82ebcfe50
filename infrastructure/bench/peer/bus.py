"""The peer of `cargo xtask bench bus`: takes messages with manual acks and passes them on with confirms, for ever."""

import asyncio
import sys

import aio_pika
import uvloop

PREFETCH = 500


async def main(url: str, source: str, exchange_name: str, key: str) -> None:
    connection = await aio_pika.connect(url)
    taking = await connection.channel()
    giving = await connection.channel(publisher_confirms=True)
    await taking.set_qos(prefetch_count=PREFETCH)
    exchange = await giving.get_exchange(exchange_name)

    async def pass_on(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        await exchange.publish(
            aio_pika.Message(
                message.body,
                message_id=message.message_id,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            ),
            routing_key=key,
        )
        await message.ack()

    queue = await taking.get_queue(source)
    await queue.consume(pass_on)
    await asyncio.Future()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main(*sys.argv[1:]))
