"""One hostile file through the readers and the whole intake, and what must hold of the answer.

- It ends within the time limit, in receipts or in nothing else but ``FileRefused`` (readers).
- Every row that the readers gave is counted once on the receipts: accepted, unchanged or refused.
- What is accepted is on the log: as many events with a dossier's receipt as say so; a refused row is held, with a
  sentence in two languages and a next step; a file refused as a whole left nothing behind.
- Nothing of a person is in a record of the log.
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from producers.readers import FileRefused, Limits, RowRefused, open_readings
from schemas.states import Receipt
from schemas.topics import RECEIPTS
from tests.integration.intake_kit import Kit, Record

LIMITS = Limits(max_process_seconds=20)
SECONDS = 60
_NAMES = re.compile("Nguyễn Văn Số|Phạm Thị Hòa|01000000\\d\\d|03118500\\d{4}")


class TooSlowError(Exception):
    """The file took longer than ``SECONDS``."""


@contextmanager
def time_limit(seconds: int = SECONDS) -> Iterator[None]:
    """Raise TooSlowError in the main thread after that long."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"over {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(path: Path) -> tuple[int, int, int]:
    """(rows, rows refused by the reader, files refused) of a file. AssertionError for what no reader may give."""
    rows = refused = files = 0
    with open_readings(path, limits=LIMITS) as readings:
        while True:
            given = 0
            try:
                reading = next(readings, None)
                if reading is None:
                    break
                for row in reading.rows:
                    given += 1
                    refused += isinstance(row, RowRefused)
                    assert all(text and text == text.strip() for text in row.values.values()), "a value is not clean"
                rows += given
            except FileRefused as refusal:
                assert refusal.reason != "unexpected", f"unexpected: {refusal.__cause__!r}"
                assert " / " in str(refusal), "no sentence in two languages"
                files += 1
                if not _goes_on(path):
                    break
    return rows, refused, files


def _goes_on(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 2 and path.open("rb").read(2) == b"PK"
    except OSError:
        return False


def judge(kit: Kit, path: Path) -> list[Receipt]:
    """Take the file in; AssertionError when an invariant does not hold."""
    if path.is_dir():
        return kit.ingest(path)
    given, _, files = read(path)
    kit.log.restart()
    before = _held(kit)
    receipts = kit.ingest(path)
    records = kit.log.read()
    answered = sum(r.accepted + r.unchanged + r.refused_total for r in receipts if r.batch and r.feed)
    if not files and all(receipt.feed for receipt in receipts):
        assert answered == given, f"{given} rows read, {answered} answered"
    _check_receipts(receipts)
    published = [record for record in records if record.topic == RECEIPTS]
    news = [receipt for receipt in receipts if receipt.feed and (receipt.accepted or receipt.refused_total)]
    assert {record.data["batch"] for record in published} <= {receipt.batch for receipt in news}, "a stray receipt"
    _check_facts(receipts, records)
    held = _held(kit) - before
    refused = sum(receipt.refused_total for receipt in receipts if receipt.feed)
    assert held <= refused, f"{refused} rows refused, {held} held"
    assert not any(_NAMES.search(record.raw.decode()) for record in records), "a person on the log"
    return receipts


def _held(kit: Kit) -> int:
    row = kit.db.execute("select count(*) from intake.quarantine").fetchone()
    return int(row[0]) if row else 0


def _check_receipts(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        for one in receipt.refused:
            assert one.reason and " / " in one.message, f"a refusal without a sentence: {one.reason}"
            assert one.reason != "unexpected", one.message


def _check_facts(receipts: list[Receipt], records: list[Record]) -> None:
    facts = [record for record in records if record.topic != RECEIPTS]
    named = [record.event["id"] for record in facts]
    assert len(named) == len(set(named)), "a fact was published twice"
    accepted = sum(receipt.accepted for receipt in receipts)
    assert (accepted == 0) == (not facts), f"{accepted} rows accepted, {len(facts)} facts on the log"
