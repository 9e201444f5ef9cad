"""Dead records joined with what operators did with them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from consumers.watch.accounts import prepare_database
from consumers.watch.dead_marks import OPEN, Mark, Place, drop_mark, put_mark, read_marks
from mobility.endpoints import Endpoints
from schemas import topics
from streams.engine.deadletters import DeadLetter, RecordGoneError, list_dead, replay

SOURCES: Final = (topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES)
LONGEST_WHY: Final = 300


class DeadStays(ValueError):
    """A dead record that can't be dealt with as asked; the message says why, ``vi`` in Vietnamese."""

    def __init__(self, english: str, vi: str) -> None:
        super().__init__(english)
        self.vi = vi


@dataclass(frozen=True, slots=True)
class Dead:
    """One record and its mark. ``state``: ``open``, ``replaying`` (begun, its end not known), ``replayed``,
    ``discarded``."""

    letter: DeadLetter
    mark: Mark | None

    @property
    def place(self) -> Place:
        """Where it stood on its source topic."""
        return self.letter.topic, self.letter.partition, self.letter.offset

    @property
    def state(self) -> str:
        """What became of it."""
        return self.mark.state if self.mark else "open"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return (self.mark.state if self.mark else "") in OPEN

    def shown(self) -> dict[str, Any]:
        """As ``--json`` and the page show it; the record's own bytes are not in it."""
        at: datetime | None = self.mark.at if self.mark else None
        return {
            "topic": self.letter.topic,
            "partition": self.letter.partition,
            "offset": self.letter.offset,
            "step": self.letter.step,
            "reason": self.letter.reason,
            "state": self.state,
            "by": self.mark.by if self.mark else "",
            "why": self.mark.why if self.mark else "",
            "at": at.isoformat() if at else None,
        }


def dead_records(at: Endpoints, *, every: bool = False) -> Iterator[Dead]:
    """Open ones, or ``every`` one, by topic and partition, oldest first. KafkaError, psycopg.Error."""
    with _marks(at) as connection:
        marks = read_marks(connection)
    for letter in list_dead(at.kafka, [f"{topic}.dead" for topic in SOURCES]):
        mark = marks.get((letter.topic, letter.partition, letter.offset))
        one = Dead(letter, mark if mark and mark.digest == digest_of(letter) else None)
        if every or one.is_open:
            yield one


def dead_record(at: Endpoints, place: Place) -> Dead:
    """That of a place. ``DeadStays`` where there is none."""
    for one in dead_records(at, every=True):
        if one.place == place:
            return one
    topic, partition, offset = place
    raise DeadStays(
        f"No dead record of {topic} partition {partition} offset {offset}: see mobility dead list --all",
        "Không có bản ghi lỗi này.",
    )


def replay_dead(at: Endpoints, place: Place, *, by: str, again: bool = False) -> Dead:
    """Send it to the topic that it came from, as it was, and mark it; ``again``: though it is marked already.

    The mark is begun before and ended after: what a kill leaves in between is open, and says so. ``DeadStays``,
    KafkaError, psycopg.Error.
    """
    one = dead_record(at, place)
    if one.mark and not again:
        raise _marked(one)
    digest = digest_of(one.letter)
    with _marks(at) as connection:
        put_mark(connection, place, digest, "replaying", by=by)
        try:
            replay(at.kafka, *place)
        except RecordGoneError as error:
            drop_mark(connection, place)
            raise DeadStays(
                f"{error}. It can't be sent again; mobility dead discard marks it as dealt with.",
                "Bản ghi gốc không còn trên Kafka nên không gửi lại được; chỉ có thể bỏ.",
            ) from error
        put_mark(connection, place, digest, "replayed", by=by)
    return one


def discard_dead(at: Endpoints, place: Place, *, by: str, why: str) -> Dead:
    """Mark it as given up, for a reason that stays. Nothing on Kafka changes. ``DeadStays``."""
    why = " ".join(why.split())
    if not why or len(why) > LONGEST_WHY:
        raise DeadStays(f"Say why in 1 to {LONGEST_WHY} characters.", f"Hãy nêu lý do (tối đa {LONGEST_WHY} ký tự).")
    one = dead_record(at, place)
    if not one.is_open:
        raise _marked(one)
    with _marks(at) as connection:
        put_mark(connection, place, digest_of(one.letter), "discarded", by=by, why=why)
    return one


def digest_of(letter: DeadLetter) -> bytes:
    """Of what the dead record says, so that a mark is for this one and no other."""
    said = "\x1f".join((letter.topic, str(letter.partition), str(letter.offset), letter.step, letter.key, letter.value))
    return hashlib.sha256(said.encode()).digest()


def _marked(one: Dead) -> DeadStays:
    mark = one.mark
    assert mark is not None  # noqa: S101 - for the type checker
    words = {
        "replaying": ("a replay of it was begun and its end is not known", "đã bắt đầu gửi lại nhưng chưa rõ kết quả"),
        "replayed": ("it was replayed", "đã được gửi lại"),
        "discarded": ("it was discarded", "đã bị bỏ"),
    }[mark.state]
    return DeadStays(
        f"{words[0][0].upper()}{words[0][1:]} by {mark.by} on {mark.at:%Y-%m-%d %H:%M} UTC. To send it once more: "
        "mobility dead replay TOPIC PARTITION OFFSET --again",
        f"Bản ghi này {words[1]} ({mark.by}).",
    )


@contextmanager
def _marks(at: Endpoints) -> Iterator[psycopg.Connection[Any]]:
    prepare_database(at.postgres)
    with psycopg.connect(at.postgres, autocommit=True, connect_timeout=10) as connection:
        yield connection
