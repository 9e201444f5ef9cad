"""Dead records: list them, and send one again to the topic it came from once its step can read it."""

from collections.abc import Iterable, Iterator

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from schemas.broker import client_arguments

READ_WITHIN_MS = 15_000


class DeadLetter(msgspec.Struct, frozen=True):
    """A record of ``<topic>.dead``: where the record stood, which step could not process it and why.

    ``key`` and ``value`` are base64; both empty when the record was too large to be copied.
    """

    topic: str
    partition: int
    offset: int
    step: str
    reason: str
    key: str
    value: str


_decode = msgspec.json.Decoder(DeadLetter).decode


class RecordGoneError(LookupError):
    """The record is not in its source topic any more."""


def list_dead(broker: str, topics: Iterable[str]) -> Iterator[DeadLetter]:
    """What stands on dead topics, by topic and partition, oldest first. Raises KafkaError."""
    with KafkaConsumer(**_reading(broker)) as consumer:
        for topic in topics:
            for partition in sorted(consumer.partitions_for_topic(topic) or ()):
                at = TopicPartition(topic, partition)
                consumer.assign([at])
                end = consumer.end_offsets([at])[at]
                consumer.seek_to_beginning(at)
                while consumer.position(at) < end:
                    for record in consumer.poll(500).get(at, []):
                        yield _decode(record.value)


def replay(broker: str, topic: str, partition: int, offset: int) -> None:
    """Send a record again, with the key and the bytes that it has in ``topic``, to the same partition.

    In a transaction: when this returns it is on the log, once. Raises KafkaError; RecordGoneError.
    """
    at = TopicPartition(topic, partition)
    with KafkaConsumer(**_reading(broker)) as consumer:
        consumer.assign([at])
        consumer.seek(at, offset)
        found = consumer.poll(READ_WITHIN_MS, max_records=1).get(at, [])
        if not found or found[0].offset != offset:
            raise RecordGoneError(f"{topic} partition {partition} holds no record at offset {offset} any more")
        key, value = found[0].key, found[0].value
    identity = f"mobility.replay.{topic}.{partition}"
    producer = KafkaProducer(**client_arguments(broker), transactional_id=identity)
    try:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(topic, value, key, partition=partition).get(READ_WITHIN_MS / 1000)
        producer.commit_transaction()
    finally:
        producer.close()


def _reading(broker: str) -> dict[str, object]:
    return {
        **client_arguments(broker),
        "isolation_level": "read_committed",
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
    }
