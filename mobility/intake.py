"""Joins the intake to the settings, and its receipts to what scripts read."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from mobility.endpoints import Endpoints
from mobility.errors import MobilityError, UsageError
from mobility.output import Report, say
from mobility.settings import Settings
from producers.errors import IntakeBusy
from producers.ingest import files_of, ingest
from producers.intake import SEND_AGAIN, Intake, open_intake
from schemas.states import Receipt

TRIES, TRY_SECONDS = 10, 0.5
"""A person before the page waits some seconds for another intake to end, no longer."""
Done = TypeVar("Done")


def once_free(act: Callable[[], Done]) -> Done:
    """Do it when no other intake publishes. Raises IntakeBusy after some seconds, and what ``act`` raises else."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except IntakeBusy:
            time.sleep(TRY_SECONDS)
    return act()


@contextmanager
def opened(settings: Settings, at: Endpoints, *, again: str = SEND_AGAIN) -> Iterator[Intake]:
    """The intake of this home. ``again``: what to do when PostgreSQL went away and is back."""
    with open_intake(dsn=at.postgres, kafka=at.kafka, home=settings.folder, again=again) as intake:
        yield intake


def ingest_files(
    settings: Settings,
    at: Endpoints,
    paths: Sequence[Path],
    *,
    report: Report,
    unit: str = "",
    dossier: str = "",
    replaces: str = "",
) -> list[Receipt]:
    """One receipt a dossier, as they are published. Raises UsageError for a path that does not exist, IntakeError."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"There is no file {', '.join(missing)}.")
    files = list(files_of(paths))
    if not files:
        raise MobilityError(f"There is no file in {', '.join(map(str, paths))}: nothing was taken in.")
    begun: set[str] = set()

    def progress(file: str, rows: int) -> None:
        begun.add(file)
        report("Files", min(len(begun), len(files)), len(files))

    with opened(settings, at) as intake:
        receipts = ingest(
            intake,
            files,
            now=datetime.now(UTC),
            unit=unit,
            dossier=dossier,
            replaces=replaces,
            progress=progress,
            say=say,
        )
    report("Files", len(files), len(files))
    return receipts


def shown(receipt: Receipt) -> dict[str, Any]:
    """A receipt as ``--json`` prints it."""
    return receipt.model_dump(
        include={
            "file",
            "dossier",
            "feed",
            "unit",
            "accepted",
            "unchanged",
            "refused",
            "refused_total",
            "signed",
            "ignored_columns",
            "notes",
            "fixed",
        }
    )
