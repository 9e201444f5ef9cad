"""Joins quarantine to the settings: for the command line and, as ``QuarantineDesk``, for the watch page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mobility.endpoints import Endpoints
from mobility.intake import once_free, opened
from mobility.settings import Settings
from producers.errors import IntakeBusy, ServiceAway
from producers.intake import Intake
from producers.quarantine.advice import advice
from producers.quarantine.correcting import NotCorrected, discard, edit, headers_of
from producers.quarantine.reading import (
    Held,
    Seen,
    Wanted,
    count_rows,
    done_with,
    fates,
    held_groups,
    opened_rows,
    seen_rows,
)
from producers.quarantine.resending import Resent, resend

Row = dict[str, Any]


def shown_row(row: Seen | Held) -> Row:
    """A row as ``--json`` prints it."""
    return asdict(row)


def shown_resent(done: Resent) -> Row:
    """What became of a resending: ids by fate, and the receipts."""
    return {
        "fixed": done.fixed,
        "refused_again": [{"id": one.id, "reason": one.reason, "message": one.message} for one in done.again],
        "passed_over": done.passed_over,
        "receipts": [
            {"dossier": one.dossier, "batch": one.batch, "file": one.file, "accepted": one.accepted,
             "unchanged": one.unchanged, "refused_total": one.refused_total, "fixed": one.fixed}
            for one in done.receipts
        ],
    }  # fmt: skip


class QuarantineDesk:
    """What the page may do with refused rows (``consumers.watch.state.Quarantine``). ``who`` is the page's account."""

    def __init__(self, settings: Settings, at: Endpoints) -> None:
        self._settings, self._at = settings, at

    @contextmanager
    def _intake(self) -> Iterator[Intake]:
        with opened(self._settings, self._at) as intake:
            yield intake

    def groups(self) -> list[Row]:
        """By reason, the largest first, with what to do (``vi``, ``en``). Nothing personal."""
        with self._intake() as intake:
            return [
                {**asdict(group), **dict(zip(("vi", "en"), advice(group.reason), strict=True))}
                for group in held_groups(intake.connection)
            ]

    def rows(self, *, reason: str, dossier: str, limit: int, skip: int) -> tuple[list[Row], int]:
        """A page of waiting rows and how many there are. Nothing personal."""
        wanted = Wanted(reason=reason, dossier=dossier, limit=limit, skip=skip)
        with self._intake() as intake:
            return [asdict(row) for row in seen_rows(intake.connection, wanted)], count_rows(intake.connection, wanted)

    def row(self, held: int) -> Row | None:
        """One row in any state, with what was done with it. Nothing personal."""
        with self._intake() as intake:
            found = seen_rows(intake.connection, Wanted(ids=[held], state=""))
            if not found:
                return None
            done = [asdict(one) for one in done_with(intake.connection, held)]
        vi, en = advice(found[0].reason)
        return {**asdict(found[0]), "done": done, "columns": headers_of(found[0].feed), "vi": vi, "en": en}

    def values(self, held: int, *, who: str, why: str) -> dict[str, str] | None:
        """What the row stated: personal data; the read is logged with who and why."""
        with self._intake() as intake:
            found = opened_rows(
                intake.connection, intake.keys, Wanted(ids=[held], state=""), who=f"page:{who}", why=why
            )
        return found[0].values if found else None

    def edit(self, held: int, changes: dict[str, str], *, who: str) -> str:
        """A sentence where it can't be done, else empty."""
        try:
            with self._intake() as intake:
                edit(intake.connection, intake.keys, held, changes, who=f"page:{who}", now=datetime.now(UTC))
        except NotCorrected as error:
            return str(error)
        return ""

    def resend(self, *, ids: Sequence[int] | None, reason: str, who: str) -> Row | None:
        """What became of the rows; None while another intake publishes or a service is away: nothing has changed."""

        def send() -> Row:
            with self._intake() as intake:
                now = datetime.now(UTC)
                return shown_resent(resend(intake, who=f"page:{who}", now=now, ids=ids, reason=reason, patient=False))

        try:
            return once_free(send)
        except (IntakeBusy, ServiceAway):
            return None

    def discard(self, ids: Sequence[int], *, who: str, why: str) -> int | str:
        """How many were given up now; a sentence where it can't be done."""
        try:
            with self._intake() as intake:
                gone = discard(intake.connection, ids, who=f"page:{who}", why=why, now=datetime.now(UTC))
        except NotCorrected as error:
            return str(error)
        return len(gone)

    def fates(self, batch: str) -> dict[str, Row]:
        """Of the refused rows of a receipt, by line: state, id, the reason now, when, why. Nothing personal."""
        with self._intake() as intake:
            return {fate.line: asdict(fate) for fate in fates(intake.connection, batch)}

    def notes(self, batch: str) -> list[str]:
        """What the receipt remarks."""
        with self._intake() as intake:
            found = intake.connection.execute("select notes from intake.batches where batch = %s", (batch,)).fetchone()
        return list(found[0]) if found else []
