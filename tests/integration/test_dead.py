"""Dead records in the hands of an operator: what is open, what was replayed or discarded, and that the marks stay."""

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from consumers.store.offsets import reset
from consumers.watch.accounts import prepare_database
from consumers.watch.dead_marks import put_mark
from deploy.local import Endpoints
from deploy.topics import ensure_topics
from mobility.commands.dead import command
from mobility.operation import dead as operating
from schemas.topics import MOVEMENTS_IN
from tests.integration.store_kit import PARTITIONS, Kit, kit

__all__ = ["kit"]
pytestmark = pytest.mark.services

POISON = b"\x00not a fact"


@pytest.fixture
def place(endpoints: Endpoints, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int, int]]:
    """A record on the log that died; what others left on the dead topics is passed over."""
    monkeypatch.setenv("MOBILITY_KAFKA", kit.kafka)
    monkeypatch.setenv("MOBILITY_POSTGRES", kit.dsn)
    ensure_topics(kit.kafka, PARTITIONS)
    prepare_database(kit.dsn)
    yield die(kit.kafka)


def die(kafka: str, reason: str = "") -> tuple[str, int, int]:
    reason = reason or f"ValueError: {secrets.token_hex(4)}"
    producer = KafkaProducer(bootstrap_servers=kafka)
    at = producer.send(MOVEMENTS_IN, POISON, b"k", partition=1).get(30)
    said = {"topic": MOVEMENTS_IN, "partition": 1, "offset": at.offset, "step": "people", "reason": reason}
    body = {**said, "key": base64.b64encode(b"k").decode(), "value": base64.b64encode(POISON).decode()}
    producer.send(f"{MOVEMENTS_IN}.dead", json.dumps(body).encode(), b"k", partition=1).get(30)
    producer.close()
    return MOVEMENTS_IN, 1, at.offset


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [*map(str, words), "--json"])


def listed(place: tuple[str, int, int], *words: str) -> list[dict[str, Any]]:
    answer = run("list", *words)
    assert answer.exit_code == 0, answer.output
    keys = ("topic", "partition", "offset")
    return [one for one in json.loads(answer.stdout)["dead"] if tuple(one[name] for name in keys) == place]


def last_of(kafka: str) -> bytes:
    consumer = KafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed", enable_auto_commit=False)
    at = TopicPartition(MOVEMENTS_IN, 1)
    consumer.assign([at])
    consumer.seek(at, max(0, consumer.end_offsets([at])[at] - 2))  # the last record and its transaction's marker
    found = consumer.poll(15_000).get(at, [])
    consumer.close()
    return bytes(found[-1].value)


def test_a_replayed_record_is_no_longer_open(kit: Kit, place: tuple[str, int, int]) -> None:
    (one,) = listed(place)
    assert (one["state"], one["by"], one["step"]) == ("open", "", "people")
    assert run("replay", *place).exit_code == 0
    assert last_of(kit.kafka) == POISON
    assert listed(place) == []
    (one,) = listed(place, "--all")
    assert one["state"] == "replayed"
    assert one["by"]
    again = run("replay", *place)
    assert "was replayed" in str(again.exception)
    assert run("replay", *place, "--again").exit_code == 0
    assert "was replayed" in str(run("discard", *place, "--why", "x").exception)


def test_a_discarded_record_keeps_its_reason_and_a_rebuild_forgets_nothing(
    kit: Kit, place: tuple[str, int, int]
) -> None:
    assert run("discard", *place).exit_code == 2, "not without a reason"
    assert run("discard", *place, "--why", " ").exit_code == 1
    assert run("discard", *place, "--why", "undone by hand").exit_code == 0
    reset(kit.dsn)
    assert listed(place) == []
    (one,) = listed(place, "--all")
    assert (one["state"], one["why"]) == ("discarded", "undone by hand")
    shown = json.loads(run("show", *place).stdout)
    assert base64.b64decode(shown["value"]) == POISON
    assert shown["state"] == "discarded"
    assert "No dead record" in str(run("discard", MOVEMENTS_IN, 1, 1 << 40, "--why", "x").exception)


def test_a_replay_that_was_cut_short_stays_open_and_says_so(
    kit: Kit, place: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operating, "replay", killed)
        run("replay", *place)
    (one,) = listed(place)
    assert one["state"] == "replaying"
    assert "not known" in str(run("replay", *place).exception)
    assert run("replay", *place, "--again").exit_code == 0
    assert listed(place) == []


def test_a_mark_speaks_of_its_own_record_only(kit: Kit, place: tuple[str, int, int]) -> None:
    with kit.connect() as line:
        put_mark(line, place, b"of another record that stood there", "discarded", by="x", why="y")
    (one,) = listed(place)
    assert (one["state"], one["by"]) == ("open", "")
