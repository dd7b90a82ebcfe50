"""A legacy client of the bus: takes commands as JSON lines, publishes each to esb_exchange with a confirm, and prints
the answer it gets as a JSON line. An empty `reply` wants none; then the line says that the broker has the message."""

import base64
import json
import sys
import time

import pika

ANSWER_WITHIN_S = 30


def properties(command: dict, reply_to: str) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type=command.get("content_type", "application/json"),
        message_id=command.get("message_id"),
        correlation_id=command["correlation_id"],
        reply_to=reply_to if command.get("reply", True) else None,
        user_id=command.get("user_id"),
        headers=command.get("headers"),
        delivery_mode=pika.DeliveryMode.Persistent,
    )


def answer(channel, queue: str, correlation_id: str) -> dict:
    deadline = time.monotonic() + ANSWER_WITHIN_S
    for method, props, body in channel.consume(queue, auto_ack=True, inactivity_timeout=1):
        if method is None:
            if time.monotonic() > deadline:
                return {"error": "no answer"}
            continue
        if props.correlation_id == correlation_id:
            return {
                "status": props.headers["status"],
                "type": props.type,
                "content_type": props.content_type,
                "headers": {key: str(value) for key, value in props.headers.items()},
                "body": base64.b64encode(body).decode(),
            }
    return {"error": "the queue is gone"}


def main(url: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    queue = channel.queue_declare("", exclusive=True).method.queue
    for line in sys.stdin:
        command = json.loads(line)
        body = base64.b64decode(command["body"])
        channel.basic_publish("esb_exchange", command["key"], body, properties(command, queue))
        told = answer(channel, queue, command["correlation_id"]) if command.get("reply", True) else {"confirmed": True}
        print(json.dumps(told), flush=True)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
