"""Files in, receipts out: the composition of the intake. Reads no settings and no clock."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from producers.folders import below, in_order, is_passed_over
from producers.intake import Intake, postgres_errors
from producers.session import Session
from schemas.states import Receipt
from schemas.zone import ZONE


def _nothing(*_: object) -> None:
    return


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as named; of a folder, all files below it but ``passed_over``: registers before what refers to them."""
    for path in paths:
        if path.is_dir():
            yield from in_order(inner for inner in below(path) if not is_passed_over(inner, path))
        else:
            yield path


def passed_over(paths: Iterable[Path]) -> list[Path]:
    """Files below the folders that ``files_of`` leaves out; a file that is named is never left out."""
    return sorted(inner for path in paths if path.is_dir() for inner in below(path) if is_passed_over(inner, path))


def ingest(
    intake: Intake,
    paths: Iterable[Path],
    *,
    now: datetime,
    today: str = "",
    unit: str = "",
    dossier: str = "",
    replaces: str = "",
    progress: Callable[[str, int], None] = _nothing,
    say: Callable[[str], None] = _nothing,
    on_receipt: Callable[[Receipt], None] = _nothing,
) -> list[Receipt]:
    """Take in files, folders and ZIPs, in their order; one receipt a dossier, published with its facts.

    ``now`` (aware) is the recorded time; ``today`` (``YYYY-MM-DD``) is what dates are held against, by default the day
    of ``now`` in Asia/Ho_Chi_Minh. ``unit``, ``dossier``: for what files do not say themselves. ``replaces``: the files
    restate this dossier whole. ``progress(file, rows so far)``; ``on_receipt`` is called once it is published.

    A file refused as a whole comes back as a receipt with one refusal whose ``line`` is empty; the other files go on. A
    file sent again of which all is unchanged publishes nothing at all, not even its receipt, which is only returned.

    ``KafkaAway``, ``PostgresAway``: what was published so far is on the log, the rest is not; sending everything again
    is safe. ``Overtaken``, ``TopicMissing``.
    """
    receipts: list[Receipt] = []

    def keep(published: list[Receipt]) -> None:
        receipts.extend(published)
        for receipt in published:
            on_receipt(receipt)

    day = today or now.astimezone(ZONE).date().isoformat()
    with (
        postgres_errors(),
        Session(intake.connection, intake.kafka, intake.keys, now=now, today=day, say=say, named=True) as session,
    ):
        for path in files_of(paths):
            keep(session.take(path, unit=unit, dossier=dossier, replaces=replaces, progress=progress))
        keep(session.flush())
    return receipts


def ingest_file(
    path: Path,
    *,
    intake: Intake,
    now: datetime,
    unit: str = "",
    dossier: str = "",
    replaces: str = "",
    progress: Callable[[str, int], None] = _nothing,
) -> list[Receipt]:
    """``ingest`` of one path."""
    return ingest(intake, [path], now=now, unit=unit, dossier=dossier, replaces=replaces, progress=progress)


def settle_past(intake: Intake, *, now: datetime, say: Callable[[str], None] = _nothing) -> None:
    """Settle what a killed run left behind, without taking anything in."""
    with (
        postgres_errors(),
        Session(intake.connection, intake.kafka, intake.keys, now=now, today=now.date().isoformat(), say=say),
    ):
        return
