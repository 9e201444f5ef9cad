"""Looks into the log are minutes apart: the client between them lives, fetches nothing, and ends in peace."""

import secrets
import threading
import time
from collections.abc import Iterator

import pytest
from aiokafka.errors import KafkaConnectionError
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from deploy.local import Endpoints
from mobility.rolling.ranges import Ranges

pytestmark = pytest.mark.services

REQUEST_MS = 1_000
PAUSE_SECONDS = 4.0


@pytest.fixture(scope="module")
def topic(endpoints: Endpoints) -> Iterator[str]:
    """Ten records."""
    name = f"ranges-{secrets.token_hex(4)}"
    admin = KafkaAdminClient(bootstrap_servers=endpoints.kafka)
    admin.create_topics([NewTopic(name, 1, 1)])
    producer = KafkaProducer(bootstrap_servers=endpoints.kafka)
    for number in range(10):
        producer.send(name, b"%d" % number).get(30)
    producer.close()
    yield name
    admin.delete_topics([name])
    admin.close()


def test_a_look_after_a_pause_longer_than_the_timeouts_works(endpoints: Endpoints, topic: str) -> None:
    with Ranges(endpoints.kafka, request_ms=REQUEST_MS) as ranges:
        for _ in range(3):
            assert ranges.partitions(topic) == [0]
            end = ranges.ends([(topic, 0)])[topic, 0]
            assert [one.value for one in ranges.records(topic, 0, 3, end, at_most=10)] == [
                b"%d" % number for number in range(3, 10)
            ]
            time.sleep(PAUSE_SECONDS)


def test_a_range_that_is_not_read_to_its_end_leaves_the_next_alone(endpoints: Endpoints, topic: str) -> None:
    with Ranges(endpoints.kafka) as ranges:
        begun = ranges.records(topic, 0, 0, 10, at_most=10)
        assert next(begun).value == b"0"
        begun.close()  # type: ignore[attr-defined]
        assert len(list(ranges.records(topic, 0, 0, 10, at_most=10))) == 10


def test_nothing_is_left_behind_when_no_broker_answers() -> None:
    with pytest.raises(KafkaConnectionError), Ranges("127.0.0.1:9", request_ms=REQUEST_MS):
        pass
    assert "ranges" not in {thread.name for thread in threading.enumerate()}
