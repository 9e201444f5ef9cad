"""Which slice is next, and what is written down of it: a round goes on after a restart where it was."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
from psycopg import Connection, IsolationLevel

from consumers.store import checking
from consumers.store.checking import Look, Slice
from mobility.endpoints import Endpoints
from mobility.rolling import alerts, metrics, movements, people, registry, statements, units
from mobility.rolling.ranges import BehindError, Ranges
from schemas import topics

log = logging.getLogger(__name__)

PERSONS: Final = 20_000
UNITS: Final = 2_000
CONFIRM_SECONDS: Final = 2.0
"""A difference counts when a second look, so much later, finds it too."""
LONGEST_REST: Final = 600.0
BETWEEN_ROUNDS: Final = 10.0

LOOKS: Final = {
    "log": statements.look,
    "people": people.look,
    "movements": movements.look,
    "registry": registry.look,
    "units": units.look,
    "alerts": alerts.look,
}
SOURCES: Final = {
    "log": topics.MOVEMENTS_IN,
    "people": topics.MOVEMENTS_IN,
    "movements": topics.MOVEMENTS,
    "registry": topics.REGISTRY_IN,
    "units": topics.CHANGES,
    "alerts": topics.ALERTS,
}

BY_OFFSETS: Final = {"log": statements.AT_A_TIME, "movements": movements.AT_A_TIME}
"""Kinds whose slices are ranges of offsets, and how long those are."""

Rest = Callable[[float], Any]
"""``rest(seconds)`` sleeps; a stop ends it."""


def line(dsn: str) -> Connection[Any]:
    """To the store, as looks need it: each of their transactions is of one moment."""
    connection = psycopg.connect(dsn, application_name="mobility verify", connect_timeout=5, autocommit=True)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    return connection


def parts_by_offsets(ranges: Ranges, kind: str, partition: int) -> int:
    """How many slices a partition has whose size its offsets tell; 1 for the kinds that are never divided."""
    if kind not in BY_OFFSETS:
        return 1
    place = (SOURCES[kind], partition)
    return -(-ranges.ends([place])[place] // BY_OFFSETS[kind]) or 1


class Checker:
    """Looks at slices for ever; at most ``share`` of the time it is at work, Kafka and PostgreSQL for it included."""

    def __init__(self, at: Endpoints, share: float, stop: threading.Event) -> None:
        self._at = at
        self._share = min(max(share, 0.001), 1.0)
        self._stop = stop

    def run(self) -> None:
        """Until the stop. Raises KafkaError, psycopg.Error: the caller begins again, and the round goes on."""
        with line(self._at.postgres) as connection, Ranges(self._at.kafka) as ranges:
            while not self._stop.is_set():
                self._round(connection, ranges)

    def _round(self, connection: Connection[Any], ranges: Ranges) -> None:
        number, began = checking.begin_round(connection)
        done = checking.looked_at(connection, began)
        whole = True
        for at in self._slices(connection, ranges, done):
            if self._stop.is_set():
                return
            whole = self._look(connection, ranges, at) and whole
            self._tell(connection)
        if whole:
            checking.end_round(connection, number)
            metrics.ROUND_SECONDS.set(time.time() - began.timestamp())
            self._tell(connection)
            self._stop.wait(BETWEEN_ROUNDS * (1 - self._share))
        else:
            self._stop.wait(5.0)  # slices were put off: the same round again, for those alone

    def _slices(
        self, connection: Connection[Any], ranges: Ranges, done: dict[tuple[str, int], tuple[int, set[int]]]
    ) -> Iterator[Slice]:
        for kind, source in SOURCES.items():
            for partition in ranges.partitions(source):
                parts, seen = done.get((kind, partition), (0, set()))
                parts = parts or self._parts(connection, ranges, kind, partition)
                yield from (Slice(kind, partition, part, parts) for part in range(parts) if part not in seen)

    def _parts(self, connection: Connection[Any], ranges: Ranges, kind: str, partition: int) -> int:
        if kind in ("registry", "alerts", *BY_OFFSETS):
            return parts_by_offsets(ranges, kind, partition)
        began = time.monotonic()
        count, most = (people.size, PERSONS) if kind == "people" else (units.size, UNITS)
        size = count(ranges, partition)
        self._rest(time.monotonic() - began)
        return -(-size // most) or 1

    def _look(self, connection: Connection[Any], ranges: Ranges, at: Slice) -> bool:
        """Look at a slice, write down what came of it, and rest. False: it was put off."""
        began = time.monotonic()
        partitions = len(ranges.partitions(topics.CHANGES))
        try:
            look = LOOKS[at.kind]
            compared, passed_over, found = look(ranges, connection, at, partitions)
            if found and not self._stop.wait(CONFIRM_SECONDS):
                compared, passed_over, again = look(ranges, connection, at, partitions)
                found = [difference for difference in found if difference in again]
        except BehindError as error:
            log.debug("%s is put off: %s", at, error)
            metrics.POSTPONED.labels(at.kind).inc()
            self._rest(time.monotonic() - began)
            return False
        spent = time.monotonic() - began
        checking.keep(connection, at, Look(compared, passed_over, spent, found))
        metrics.SLICES.labels(at.kind).inc()
        metrics.COMPARED.labels(at.kind).inc(compared)
        metrics.PASSED_OVER.labels(at.kind).inc(passed_over)
        for difference in found[:5]:
            log.error("Differs: %s. All of them: mobility verify --rolling-status", difference)
        self._rest(spent)
        return True

    def _rest(self, spent: float) -> None:
        metrics.WORK_SECONDS.inc(spent)
        self._stop.wait(min(spent * (1 / self._share - 1), LONGEST_REST))

    def _tell(self, connection: Connection[Any]) -> None:
        standing = checking.standing(connection)
        for row in standing["kinds"]:
            metrics.DIFFERENCES.labels(row["kind"]).set(row["differences"])
        if standing["kinds"]:
            metrics.OLDEST.set(min(row["oldest"] for row in standing["kinds"]).timestamp())
        if standing["last"]:
            metrics.LAST_ROUND.set(standing["last"]["ended_at"].timestamp())
