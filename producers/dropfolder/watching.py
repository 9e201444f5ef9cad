"""The watcher: look, claim what stands still, take it in, file it away. One step is ``Watcher.step``."""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from producers.dropfolder.claims import Claim, Claims
from producers.dropfolder.looking import KIND, Look, Seen, look, problem_of, unfiled
from producers.dropfolder.places import DONE, RECEIPT_HTML, RECEIPT_JSON, REFUSED, remove_emptied, reserve, write_whole
from producers.dropfolder.receipts import as_html, as_json, taken_before
from producers.errors import IntakeError, ServiceAway
from producers.folders import rank
from producers.ingest import ingest
from producers.intake import Intake, postgres_errors
from producers.readers.order import LAST
from schemas.states import Receipt, Refused
from schemas.zone import ZONE

log = logging.getLogger(__name__)

STATUS = "status.json"
ATTEMPTS = 5
"""Times that a file may end the process before it is refused: it must not keep the others waiting for ever."""
GROWING = "changed"
"""The reader's reason for a file that was written to while it was read: it is looked at again later."""


@dataclass(slots=True)
class Filed:
    """A file that left the folder: under which path it stands now, and what became of it. ``refused``: it, or a file
    inside it, was refused as a whole."""

    path: Path
    refused: bool
    receipts: list[Receipt] = field(default_factory=list)


class Watcher:
    """Context manager. ``opened`` opens the intake (for each file anew, so that a lost connection heals); ``now`` gives
    an aware time. A file is ready when two looks, ``step`` apart, saw the same size and time of change."""

    def __init__(
        self, drop: Path, *, opened: Callable[[], AbstractContextManager[Intake]], now: Callable[[], datetime]
    ) -> None:
        self._drop, self._opened, self._now = drop, opened, now
        self._claims = Claims(drop)
        self._before: dict[Path, Seen] = {}
        self._problems: list[str] = []
        self._secret = secrets.token_bytes(16)

    def __enter__(self) -> "Watcher":
        self._drop.mkdir(parents=True, exist_ok=True)
        self._claims.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._claims.folder / STATUS).unlink(missing_ok=True)
        self._claims.__exit__(kind, error, trace)

    def step(self, stopping: Callable[[], bool] = lambda: False) -> list[Filed]:
        """What is left behind, then what stands still. ``ServiceAway``: what is claimed stays so, for the next step."""
        filed: list[Filed] = []
        found = look(self._drop)
        try:
            for claim in self._claims.left_behind():
                if stopping():
                    return filed
                filed += self._tried(claim, found)
            for seen in self._by_kind(self._ready(found), stopping):
                if stopping():
                    return filed
                if (taken := self._take(seen, found)) is not None:
                    filed += self._tried(taken, found)
        except ServiceAway as error:
            found.problems.append(str(error))
            raise
        finally:
            self._say(found)
        return filed

    def _ready(self, found: Look) -> list[Seen]:
        before, self._before = self._before, {seen.relative: seen for seen in found.waiting}
        return [seen for seen in found.waiting if before.get(seen.relative) == seen]

    def _by_kind(self, ready: list[Seen], stopping: Callable[[], bool]) -> list[Seen]:
        """What came in together in the order of a folder (``producers.folders``), so that registers are taken in first.

        One that ended a watcher when it was looked into comes last: its attempts are counted once it is claimed.
        """
        if len(ready) < 2:
            return ready
        ranks: dict[Path, int] = {}
        for seen in ready:
            if stopping():
                return []
            if seen.relative in self._claims.fatal:
                ranks[seen.relative] = LAST
                continue
            with self._claims.looking_into(seen):
                ranks[seen.relative] = rank(self._drop / seen.relative)
        return sorted(ready, key=lambda seen: (ranks[seen.relative], seen.relative))

    def _take(self, seen: Seen, found: Look) -> Claim | None:
        try:
            return self._claims.take(seen, self._now().astimezone(ZONE).date().isoformat())
        except OSError as error:
            found.problems.append(problem_of(seen.relative, error))
            return None

    def _tried(self, claim: Claim, found: Look) -> list[Filed]:
        """A full disk or a lost right is told, not blamed on the file: it stays claimed for the next step."""
        try:
            return self._process(claim)
        except OSError as error:
            found.problems.append(unfiled(claim.came_as, error))
            with suppress(OSError):
                self._claims.postpone(claim)
            return []

    def _process(self, claim: Claim) -> list[Filed]:
        """Take it in and file it; nothing when it is still being written. Every part may have been done before:
        publishing is exactly once by itself."""
        claim = self._claims.begin(claim)
        given_up = claim.attempts > ATTEMPTS
        try:
            with self._opened() as intake:
                receipts = [_given_up(claim)] if given_up else ingest(intake, [claim.path], now=self._now())
                with postgres_errors():
                    before = taken_before(intake.connection, receipts)
        except IntakeError:
            self._claims.postpone(claim)
            raise
        if any(refused.reason == GROWING for receipt in receipts for refused in receipt.refused):
            self._claims.postpone(claim)
            return []
        return [self._file(claim, receipts, before)]

    def _file(self, claim: Claim, receipts: list[Receipt], before: list[dict[str, Any]]) -> Filed:
        # one of a ZIP is enough: what is refused as a whole waits in no quarantine, so it lies where a person looks
        refused = any(one.refused and not one.refused[0].line and not one.accepted for one in receipts)
        now = self._now().astimezone(ZONE)
        path = reserve(self._drop / (REFUSED if refused else DONE) / claim.day, claim.name, claim.id)
        write_whole(path.with_name(path.name + RECEIPT_HTML), as_html(claim, receipts, before, now))
        write_whole(path.with_name(path.name + RECEIPT_JSON), as_json(claim, receipts, before, now))
        claim.path.rename(path)
        self._claims.end(claim)
        remove_emptied(self._drop, claim.came_as)
        counts = [sum(getattr(one, name) for one in receipts) for name in ("accepted", "unchanged", "refused_total")]
        log.info("a file was filed under %s: %d accepted, %d unchanged, %d refused", path.parent.name, *counts)
        return Filed(path, refused, receipts)

    def _say(self, found: Look) -> None:
        """For ``mobility drop status``; a problem goes to the log when it is new, without the name of the file."""
        for problem in found.problems:
            if problem not in self._problems:
                log.warning("%s", self._for_the_log(problem))
        self._problems = found.problems
        said = {"looked_at": self._now().isoformat(timespec="seconds"), "problems": found.problems}
        try:
            write_whole(self._claims.folder / STATUS, json.dumps(said, ensure_ascii=False) + "\n")
        except OSError as error:
            log.warning("the status of the drop folder can't be written: %s", error.strerror)

    def _for_the_log(self, problem: str) -> str:
        """What is wrong, and a hash instead of the name, which may be a person's; keyed: nobody can guess it."""
        said = problem.rpartition(" / ")[2]
        found = KIND.search(said)
        if not found:
            return said  # of a service: it names no file
        mark = hashlib.blake2b(problem.encode("utf-8", "replace"), digest_size=4, key=self._secret).hexdigest()
        return f"drop folder, entry {mark}: {found[0]}. mobility drop status names it."


def _given_up(claim: Claim) -> Receipt:
    with claim.path.open("rb") as file:  # by its content it is known what of it was published nevertheless
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    vi = f"tệp này đã {ATTEMPTS} lần làm dừng chương trình nhận. Hãy chia nhỏ hoặc lưu lại tệp, và báo người quản trị."
    en = f"this file ended the intake {ATTEMPTS} times. Split it or save it again, and tell the administrator."
    refusal = Refused(line="", field="file", reason="unexpected", message=f"{claim.name}: {vi} / {en}")
    return Receipt(
        dossier="", batch=claim.id.ljust(32, "0"), file=claim.name, sha256=sha256, feed="", accepted=0, unchanged=0,
        refused=[refusal], refused_total=1,
    )  # fmt: skip
