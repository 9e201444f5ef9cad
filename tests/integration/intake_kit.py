"""An intake on real services for tests: files from rows, and what arrived on the log since the test began."""

import csv
import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic

from producers.ingest import ingest
from producers.intake import Intake, open_intake
from producers.units.tax_code import check_digit_fits
from schemas.states import Receipt
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN

TOPICS = (MOVEMENTS_IN, REGISTRY_IN, RECEIPTS)
PARTITIONS = 4
NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


def tax_code(number: int) -> str:
    """A valid tax code near a number of nine digits."""
    while True:
        for digit in "123456789":
            if check_digit_fits(f"{number:09d}{digit}"):
                return f"{number:09d}{digit}"
        number += 1


FIRM, OTHER, THIRD = tax_code(20_000_100), tax_code(20_000_300), tax_code(20_000_500)


def person(number: int) -> dict[str, str]:
    """Numbers and name of somebody who does not exist."""
    return {
        "full_name": f"Trần Thị Số{number}",
        "insurance_number": f"{7_900_000_000 + number}",
        "personal_number": f"031{185_000_000 + number}",
    }


def declared(line: int, who: int, code: str, month: str = "10/2026", **more: str) -> dict[str, str]:
    """A D02 row of the firm's dossier HS-1."""
    row = {"tax_code": FIRM, "dossier_no": "HS-1", "form": "D02", "line": str(line), "movement_code": code}
    return row | person(who) | {"from_month": month} | more


def listed(
    who: int, firm: str = FIRM, since: str = "01/2025", as_of: str = "2026-10-01", complete: str = "yes"
) -> dict[str, str]:
    """A row of an opening roster."""
    return {"tax_code": firm} | person(who) | {"from_month": since, "as_of": as_of, "complete": complete}


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """A CSV with all columns that some row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def make_topics(kafka: str) -> None:
    """The intake's topics, as far as they are missing."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    missing = [topic for topic in TOPICS if topic not in admin.list_topics()]
    if missing:
        admin.create_topics([NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1) for topic in missing])
        while not set(TOPICS) <= set(admin.list_topics()):
            time.sleep(0.1)
    admin.close()


@dataclass
class Record:
    """A committed record of the log."""

    topic: str
    partition: int
    key: str
    raw: bytes
    event: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        return self.event["data"]  # type: ignore[no-any-return]


class LogReader:
    """Everything committed since it was made.

    A commit is answered before its markers are on the partitions, so the ends are those of all records, committed or
    not yet, and reading waits until they are.
    """

    def __init__(self, kafka: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka, isolation_level="read_committed", enable_auto_commit=False
        )
        self._ends = KafkaConsumer(
            bootstrap_servers=kafka, isolation_level="read_uncommitted", enable_auto_commit=False
        )
        self._places = [TopicPartition(topic, partition) for topic in TOPICS for partition in range(PARTITIONS)]
        self._consumer.assign(self._places)
        self._since = self._ends.end_offsets(self._places)

    def restart(self) -> None:
        """From now on."""
        self._since = self._ends.end_offsets(self._places)

    def restart_watch(self) -> None:
        """From now on, for ``receipt_arrived``."""
        self._receipts = [place for place in self._places if place.topic == RECEIPTS]
        self._watched = self._consumer.end_offsets(self._receipts)

    def receipt_arrived(self) -> bool:
        """A receipt was committed since ``restart_watch``."""
        return self._consumer.end_offsets(self._receipts) != self._watched

    def read(self, *topics: str) -> list[Record]:
        """Records of these topics (of all when none is named), in the order of each partition."""
        ends = self._ends.end_offsets(self._places)
        for place in self._places:
            self._consumer.seek(place, self._since[place])
        found: list[Record] = []
        while any(self._consumer.position(place) < ends[place] for place in self._places):
            for records in self._consumer.poll(timeout_ms=100).values():
                for record in records:
                    if not topics or record.topic in topics:
                        event = json.loads(record.value)
                        found.append(Record(record.topic, record.partition, record.key.decode(), record.value, event))
        return found

    def close(self) -> None:
        self._consumer.close()
        self._ends.close()


@dataclass
class Kit:
    """An intake with its folder; ``send`` writes rows into a new file and ingests it."""

    dsn: str
    kafka: str
    folder: Path
    now: datetime = NOW
    stack: ExitStack = field(default_factory=ExitStack)
    sent: int = 0

    def __enter__(self) -> "Kit":
        make_topics(self.kafka)
        home = self.folder / "home"
        self.intake: Intake = self.stack.enter_context(open_intake(dsn=self.dsn, kafka=self.kafka, home=home))
        self.log = LogReader(self.kafka)
        self.stack.callback(self.log.close)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @property
    def db(self) -> psycopg.Connection:
        return self.intake.connection

    def file(self, rows: Sequence[dict[str, str]]) -> Path:
        self.sent += 1
        return write(self.folder / f"file-{self.sent}.csv", rows)

    def ingest(self, *paths: Path, **options: Any) -> list[Receipt]:
        return ingest(self.intake, paths, now=self.now, **options)

    def send(self, rows: Sequence[dict[str, str]], **options: Any) -> Receipt:
        """One file, one receipt."""
        (receipt,) = self.ingest(self.file(rows), **options)
        return receipt

    def news(self, rows: Sequence[dict[str, str]], **options: Any) -> tuple[Receipt, list[Record]]:
        """The receipt, and the facts that arrived with it."""
        self.log.restart()
        receipt = self.send(rows, **options)
        return receipt, self.log.read(MOVEMENTS_IN, REGISTRY_IN)


def counts(receipt: Receipt) -> tuple[int, int, int]:
    """(accepted, unchanged, refused)."""
    return receipt.accepted, receipt.unchanged, receipt.refused_total


def reasons(receipt: Receipt) -> list[tuple[str, str]]:
    """(line, reason) of the refused rows."""
    return [(refused.line, refused.reason) for refused in receipt.refused]
