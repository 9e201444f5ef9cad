"""A store on real services for tests: what is put on the log, a store at work, and when it has caught up."""

import secrets
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from consumers.store import offsets, prepare_database, run_store
from deploy.local import Endpoints, stop
from deploy.topics import ensure_topics
from mobility.waiting import ends_of
from schemas.topics import ALERTS, CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN, RECEIPTS, REGISTRY_IN, STATUS

PARTITIONS = 4
TOPICS = (CHANGES, STATUS, ALERTS, MOVEMENTS, RECEIPTS, MOVEMENTS_IN, REGISTRY_IN, FINDINGS)
TABLES = (
    "actions",
    "alerts",
    "clock",
    "effects",
    "facts",
    "finding_versions",
    "findings",
    "inheritances",
    "marks",
    "month_end_places",
    "month_end_units",
    "month_ends",
    "movement_versions",
    "movements",
    "person_units",
    "persons_in_several",
    "receipt_refusals",
    "receipts",
    "register_facts",
    "unit_counts",
    "unit_status",
    "waiting",
)
"""All that follows from the log alone; ``rejected`` has the time of the day too."""


class Put(NamedTuple):
    """A record for the log; without a partition, the one of its key."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None


@contextmanager
def new_database(dsn: str) -> Iterator[str]:
    """An empty database beside this one; it is dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(dsn, autocommit=True) as line:
        line.execute(f"create database {name}".encode())
    try:
        yield urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(dsn, autocommit=True) as line:
            line.execute(f"drop database if exists {name} with (force)".encode())


class Kit:
    """One test's log and database. The log may hold what others left: the store begins at its present end."""

    def __init__(self, kafka: str, dsn: str, *, from_now: bool = True) -> None:
        self.kafka, self.dsn = kafka, dsn
        ensure_topics(kafka, PARTITIONS)
        prepare_database(dsn)
        self._stops: list[tuple[threading.Event, threading.Thread]] = []
        self.failures: list[BaseException] = []
        self.begins = self.ends() if from_now else {}
        with self.connect() as line:
            for (topic, partition), offset in self.begins.items():
                line.execute("insert into store.offsets values (%s, %s, %s)", [topic, partition, offset])

    @cached_property
    def _consumer(self) -> KafkaConsumer:
        # A commit is answered before its markers are on the partitions: only the uncommitted ends are past it.
        return KafkaConsumer(
            bootstrap_servers=self.kafka, isolation_level="read_uncommitted", enable_auto_commit=False, group_id=None
        )

    @cached_property
    def _producer(self) -> KafkaProducer:
        producer = KafkaProducer(
            bootstrap_servers=self.kafka, transactional_id=f"test.{secrets.token_hex(6)}", linger_ms=5
        )
        producer.init_transactions()
        return producer

    def connect(self) -> "psycopg.Connection[Any]":
        """A line to the database, each statement by itself."""
        return psycopg.connect(self.dsn, autocommit=True)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query gives."""
        with self.connect() as line:
            return line.execute(query.encode(), values or None).fetchall()

    def ends(self) -> dict[tuple[str, int], int]:
        """Where the log ends, markers and all."""
        places = [TopicPartition(topic, number) for topic in TOPICS for number in range(PARTITIONS)]
        return {(at.topic, at.partition): end for at, end in ends_of(self._consumer, places).items()}

    def put(self, records: Iterable[Put], *, commit: bool = True) -> None:
        """Write all in one transaction, which is committed or aborted; returns when that is done."""
        self._producer.begin_transaction()
        for one in records:
            self._producer.send(one.topic, one.value, one.key, partition=one.partition)
        if commit:
            self._producer.commit_transaction()
        else:
            self._producer.flush()
            self._producer.abort_transaction()

    def start(self, **options: Any) -> None:
        """A store in a thread of this process."""
        asked = threading.Event()

        def work() -> None:
            try:
                run_store(kafka=self.kafka, dsn=self.dsn, stop=asked, **options)
            except BaseException as error:
                self.failures.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._stops.append((asked, thread))

    def stop(self) -> float:
        """End all stores; the seconds that it took. What failed one of them is raised here."""
        begun = time.monotonic()
        for asked, _ in self._stops:
            asked.set()
        for _, thread in self._stops:
            thread.join(10)
            assert not thread.is_alive(), "the store does not stop"
        self._stops.clear()
        for failure in self.failures:
            raise failure
        return time.monotonic() - begun

    def wait(self, seconds: float = 60.0) -> float:
        """Until the store has all that is on the log now; the seconds that it took."""
        begun, ends = time.monotonic(), self.ends()
        while behind := self._behind(ends):
            for failure in self.failures:
                raise failure
            assert time.monotonic() < begun + seconds, f"the store is behind: {behind}"
            time.sleep(0.02)
        return time.monotonic() - begun

    def _behind(self, ends: dict[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """Offsets that are missing, by partition; a database that is away has none."""
        try:
            stored = offsets(self.dsn)
        except psycopg.OperationalError:
            stored = {}
        return {place: end - stored.get(place, 0) for place, end in ends.items() if stored.get(place, 0) < end}

    def take(self, records: Iterable[Put]) -> None:
        """Put and wait."""
        self.put(records)
        self.wait()

    def dump(self) -> dict[str, list[str]]:
        """All rows of all tables as text, sorted."""
        return {name: sorted(row[0] for row in self.rows(f"select t::text from store.{name} t")) for name in TABLES}

    def close(self) -> None:
        """End what this one opened."""
        try:
            self.stop()
        finally:
            for name in ("_consumer", "_producer"):
                if name in self.__dict__:
                    self.__dict__[name].close()


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder for services of a module's own, which may be killed or whose log is to be empty at first.

    Not in the folder of pytest: another session that starts meanwhile closes that to the user of PostgreSQL.
    """
    with tempfile.TemporaryDirectory(prefix="store-", ignore_cleanup_errors=True) as folder:
        try:
            yield Path(folder)
        finally:
            stop(Path(folder))


def quiet(step: str, done: int | None = None, total: int | None = None) -> None:
    """The services' way up is of no interest here."""


@pytest.fixture
def kit(endpoints: Endpoints) -> Iterator[Kit]:
    """A new database, and the log from here on."""
    with new_database(endpoints.postgres) as dsn:
        made = Kit(endpoints.kafka, dsn)
        try:
            yield made
        finally:
            made.close()
