"""A record that can't be read, or that PostgreSQL does not take, is passed over and told; all others go on."""

import json
import logging
from datetime import date
from typing import Any

import pytest

from schemas.topics import ALERTS, CHANGES, MOVEMENTS_IN, RECEIPTS, REGISTRY_IN, STATUS
from tests.integration import store_records as make
from tests.integration.steps_kit import Steps
from tests.integration.store_kit import Kit, Put, kit

__all__ = ["kit"]
pytestmark = pytest.mark.services

FIRM = "e0200123456"
SECRET = "Nguyễn Thị Kín"
FOREIGN = {MOVEMENTS_IN, REGISTRY_IN, CHANGES}


def changed(one: Put, **data: Any) -> Put:
    """The record with other data, past the models; ``None`` takes a field away."""
    event = json.loads(one.value or b"")
    for name, value in data.items():
        place = event["data"] if name in event["data"] else event
        if value is None:
            del place[name]
        else:
            place[name] = value
    return one._replace(value=json.dumps(event).encode())


EFFECT = make.effect(FIRM, "an", "2026-10-01")
STATE = make.status(FIRM, 1)
ALERT = make.alert(FIRM, 1)
MOVE = make.movement("an", 1, "departed", left_on="2026-09-30")
RECEIPT = make.receipt("HS-1", (1, 0), 1)
BAD = {
    "null": Put(CHANGES, b"k", None),
    "null on a compacted topic": Put(STATUS, b"k", None),
    "empty": Put(CHANGES, b"k", b""),
    "no JSON": Put(ALERTS, b"k", b"\x00\x01"),
    "cut": EFFECT._replace(value=(EFFECT.value or b"")[:-9]),
    "not UTF-8": EFFECT._replace(value=(EFFECT.value or b"").replace(b"e0200123456", b"e\xff\xfe")),
    "half a surrogate": changed(STATE, name="\ud800"),
    "nested too deep": MOVE._replace(value=b'{"data":' + b"[" * 50_000),
    "an array": Put(RECEIPTS, b"k", b"[]"),
    "no data": changed(EFFECT, data=None),
    "another major version": changed(EFFECT, type="vn.union-mobility.unit.effect.v2"),
    "a type of somebody else": changed(STATE, type="org.example.unit.status.v1"),
    "unknown kind": changed(EFFECT, kind=SECRET),
    "person is no id": changed(EFFECT, person=SECRET),
    "workers is text": changed(EFFECT, workers=SECRET),
    "two workers at once": changed(EFFECT, workers=2),
    "workers without end": changed(EFFECT, workers=10**30),
    "30 February": changed(EFFECT, day="2026-02-30"),
    "day is a word": changed(STATE, dissolved_on="today"),
    "day without dashes": changed(MOVE, left_on="20260930"),
    "day is no day": changed(ALERT, confirmed_on="2026-13-01"),
    "time is a word": changed(EFFECT, time="now"),
    "time is no time": changed(EFFECT, time="2026-11-03T99:00:00Z"),
    "version out of range": changed(STATE, version=2**63),
    "workers out of range": changed(STATE, workers=2**31),
    "unknown state": changed(ALERT, state=SECRET),
    "alert is no id": changed(ALERT, id="x"),
    "history is text": changed(ALERT, history=SECRET),
    "NUL in a name": changed(STATE, name="A\0B"),
    "NUL in JSON": changed(ALERT, history=[{"on": "2026-10-01", "state": "open", "by": "A\0"}]),
    "NUL in an array": changed(RECEIPT, ignored_columns=["a\0"]),
    "a key too long for an index": changed(STATE, unit="e" + "".join(f"{n * n:x}" for n in range(3000))),
    "unknown movement": changed(MOVE, what="vanished"),
    "no movement id": changed(MOVE, movement_id=None),
    "sign 0": changed(make.mark(FIRM, "cover", "2026-01-01"), sign=0),
    "mark about nothing": changed(make.mark(FIRM, "cover", "2026-01-01"), about=SECRET),
    "unknown action": changed(make.action(FIRM, "snooze", "lan"), action="erase"),
    "tick on no day": changed(make.ticks("2026-11-02")[0], day=""),
    "partition out of range": changed(make.passed("2026-11-02")[0], partition=2**40),
    "refused is no list": changed(RECEIPT, refused={"line": "1"}),
}  # fmt: skip


def test_what_can_not_be_read_is_told_and_the_rest_goes_on(kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    kit.start()
    good = [make.effect(FIRM, f"p{n}", "2026-01-01") for n in range(len(BAD))]
    kit.put([one for pair in zip(BAD.values(), good, strict=True) for one in pair] + make.ticks("2026-11-02"))
    with caplog.at_level(logging.INFO):
        kit.wait()
    rejected = kit.rows("select topic, count(*) from store.rejected group by topic")
    wanted = {topic: sum(one.topic == topic for one in BAD.values()) for topic in (one.topic for one in BAD.values())}
    assert dict(rejected) == wanted
    assert kit.rows("select workers from store.unit_counts") == [(len(BAD),)]
    for table in ("unit_status", "alerts", "movements", "receipts", "receipt_refusals", "marks", "actions"):
        assert kit.rows(f"select count(*) from store.{table}") == [(0,)], table
    reasons = [reason for (reason,) in kit.rows("select reason from store.rejected")]
    assert all(reasons)
    for told in (*reasons, *(record.getMessage() for record in caplog.records)):
        assert SECRET not in told
        assert "Kín" not in told


@pytest.mark.parametrize("name", list(BAD))
def test_each_bad_record_alone_is_rejected_once(name: str) -> None:
    """The same, at the decoding or at the database: without services it is known which."""
    from consumers.store.chunks import Chunk, Raw
    from consumers.store.stage import stage

    one = BAD[name]
    staged = stage([Chunk(one.topic, 0, 5, 6, [Raw(5, one.key, one.value)])])
    database = ("NUL", "too long", "out of range", "no id", "time is no time")
    assert bool(staged.rejected) != any(words in name for words in database)
    assert bool(staged.rejected) != bool(staged.lines or staged.ticks or staged.passed)


def test_one_bad_row_in_a_huge_batch_costs_that_row_alone(kit: Kit) -> None:
    size = 12_000
    records = [make.effect(f"e{n % 90}", f"p{n}", "2026-01-01", partition=n % 4) for n in range(size)]
    records[7_777] = changed(records[7_777], fact="A\0B")
    records[9_999] = changed(records[9_999], person="not an id")
    kit.put(records + make.ticks("2026-11-02"))
    kit.start()
    kit.wait()
    assert kit.rows("select count(*) from store.rejected") == [(2,)]
    assert kit.rows("select count(*), count(distinct person) from store.effects") == [(size - 2, size - 2)]
    assert kit.rows("select sum(workers) from store.unit_counts") == [(size - 2,)]


def test_a_record_under_another_subjects_key_is_no_row_as_it_is_dead_in_the_steps(kit: Kit) -> None:
    """Wherever a step takes the key for whom a record speaks of; also none at all."""
    steps = Steps()
    facts = steps.person("an", "a1", "joined", FIRM, "2026-02-01")
    rows = steps.register("reg 1", "enterprise_stated", FIRM, "2026-01-01", name="Một")
    inputs = [one for one in (*facts, *rows, *make.ticks("2026-11-02")) if one.topic in FOREIGN]
    assert {one.topic for one in inputs} == FOREIGN
    kit.start()
    kit.put([one._replace(key=key) for one in inputs for key in (b"e0200999999", None)])
    kit.wait()
    rejected = dict(kit.rows("select topic, count(*) from store.rejected where reason like %s group by 1", "the key%"))
    assert rejected == {topic: 2 * sum(one.topic == topic for one in inputs) for topic in FOREIGN}
    for table in ("facts", "register_facts", "effects", "marks", "waiting"):
        assert kit.rows(f"select count(*) from store.{table}") == [(0,)], table
    assert kit.rows("select max(day) from store.clock") == [(None,)]
    kit.take(inputs)
    assert kit.rows("select count(*) from store.facts") == [(1,)]
    assert kit.rows("select count(*) from store.register_facts") == [(1,)]
    assert kit.rows("select min(day) from store.clock") == [(date(2026, 11, 2),)]


def test_a_thousand_bad_records_are_all_kept_and_told_in_short(kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    kit.put([Put(CHANGES, b"k", b"garbage", partition=0) for _ in range(1000)] + make.ticks("2026-11-02"))
    with caplog.at_level(logging.ERROR):
        kit.start()
        kit.wait()
    assert kit.rows("select count(*) from store.rejected") == [(1000,)]
    assert kit.rows("select min(day) from store.clock") == [(date(2026, 11, 2),)]
    assert 0 < len([record for record in caplog.records if "rejected" in record.getMessage()]) < 40
