"""One run of the intake: the only publisher, past crashes settled, then groups of files staged and published.

Order of things, and what a kill at any moment leaves:

1. staged: vault, index and batches (with the receipts' end offsets) commit in one PostgreSQL transaction. Killed before
   that, nothing happened.
2. published: one Kafka transaction with all events and receipts of the group. Killed before its commit, the next run
   fences the transaction, finds no receipt, and takes the batches back out of the index.
3. done: the batches are marked. Killed before that, the next run finds the receipts and marks them.
"""

import gc
import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType

from producers.background import BackgroundConnection
from producers.copying import copy_text
from producers.errors import IntakeBusy
from producers.index.dossiers import Dossiers
from producers.index.rosters import CompleteRosters
from producers.members.merging import publish_waiting
from producers.parts import stage_parts, without_name
from producers.publish.events import receipt_event, recorded
from producers.publish.log import Log
from producers.publish.settle import mark_done, settle
from producers.publish.spool import Spool
from producers.readers import Reading
from producers.sql import query
from producers.staging.desk import Desk
from producers.staging.filing import Filing
from producers.units.directory import UnitDirectory
from producers.vault.keys import VaultKeys, refreshed
from schemas.states import Receipt

LOCK = 0x6D6F62_02
GROUP_ROWS = 20_000
GROUP_FILES = 500
"""Files are published in groups up to here: a transaction costs some 30 ms however small it is."""

COLLECT_EVERY = 1_000_000
"""Allocations between two runs of the cycle collector. Three blocks at a time are some 500,000 objects and no cycles;
at the interpreter's 700 the collector takes a sixth of the time."""


class Session:
    """Context manager: waits for the lock (or, not ``patient``, raises ``IntakeBusy``), fences and settles. ``take``
    files, then ``flush``. ``named``: receipts handed back bear the real names of files, and may say which unit has a
    dossier; published ones never do.

    A group (and so every dossier in it) is published whole or not at all.
    """

    def __init__(
        self,
        connection: BackgroundConnection,
        kafka: str,
        keys: VaultKeys,
        *,
        now: datetime,
        today: str,
        say: Callable[[str], None],
        patient: bool = True,
        named: bool = False,
    ) -> None:
        self._named = named
        self._connection, self._log, self._say, self._patient = connection, Log(kafka), say, patient
        directory, dossiers, rosters = UnitDirectory(connection), Dossiers(connection), CompleteRosters(connection)
        self._desk = Desk(connection, keys, directory, dossiers, rosters, Spool(), now, today, named)
        self._time = recorded(now)
        self._open = ExitStack()
        self._group = ExitStack()
        self._grouping = False
        self._pending: list[Filing | Receipt] = []
        self._rows = self._files = 0
        self._receipts_at = ""

    def __enter__(self) -> "Session":
        with ExitStack() as stack:
            stack.callback(gc.set_threshold, *gc.get_threshold())
            gc.set_threshold(COLLECT_EVERY)
            self._lock()
            stack.callback(self._unlock)
            self._desk.keys = refreshed(self._connection, self._desk.keys)
            stack.enter_context(self._log)
            done, lost = settle(self._connection, self._log)
            if done or lost:
                self._say(
                    f"An earlier run was cut short: {done} dossier(s) of it are on the log, {lost} were taken back."
                )
            if merged := publish_waiting(self._connection, self._log):
                self._say(f"An earlier merge of identities was cut short: {merged} of them went onto the log now.")
            self._receipts_at = json.dumps(self._log.receipts_end())
            stack.enter_context(self._desk.spool)
            stack.enter_context(self._desk.sealer)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._open:
            if self._grouping:
                self._connection.give_up()
                self._group.__exit__(kind or InterruptedError, error or InterruptedError(), trace)

    @property
    def log(self) -> Log:
        """The log, with every other publisher fenced off."""
        return self._log

    def _lock(self) -> None:
        locked = self._connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if not (locked and locked[0]):
            if not self._patient:
                raise IntakeBusy("Another intake is publishing. Nothing was changed; try again once it is done.")
            self._say("Another intake is publishing; waiting until it is done ...")
            self._connection.execute("select pg_advisory_lock(%s)", (LOCK,))

    def _unlock(self) -> None:
        if not self._connection.closed:
            self._connection.execute("select pg_advisory_unlock(%s)", (LOCK,))

    def take(
        self,
        path: Path,
        *,
        unit: str,
        dossier: str,
        replaces: str,
        progress: Callable[[str, int], None],
        as_read: Callable[[Reading], Reading] = lambda reading: reading,
    ) -> list[Receipt]:
        """Stage a file, as ``stage_parts`` does. Receipts of the whole group once it is large enough to be published,
        else none yet."""
        return self.add(
            lambda desk: stage_parts(
                desk, path, unit=unit, dossier=dossier, replaces=replaces, progress=progress, as_read=as_read
            )
        )

    def add(self, stage: Callable[[Desk], Iterable[Filing | Receipt]]) -> list[Receipt]:
        """Stage whatever it is, in the group's transaction. ``take`` does so with a file."""
        if not self._grouping:
            self._group.enter_context(self._connection.transaction())
            self._grouping = True
        for outcome in stage(self._desk):
            self._pending.append(outcome)
            if isinstance(outcome, Filing):
                self._rows += outcome.accepted + outcome.unchanged + outcome.refused_total
                if outcome.is_news:
                    self._stage(outcome)
                elif not outcome.repeat:
                    known = (outcome.sha256, outcome.dossier, self._desk.now)
                    self._connection.execute(query("producers.publish", "write_known_file"), known)
        self._files += 1
        return self.flush() if self._rows >= GROUP_ROWS or self._files >= GROUP_FILES else []

    def _stage(self, filing: Filing) -> None:
        receipt = filing.receipt()
        row = (
            receipt.batch, "staged", receipt.dossier, receipt.unit, receipt.feed, receipt.file, receipt.sha256,
            receipt.accepted, receipt.unchanged, receipt.refused_total, self._receipts_at, self._time,
            "{" + ",".join(json.dumps(note, ensure_ascii=False) for note in receipt.notes) + "}",
        )  # fmt: skip
        copy_text(self._connection, query("producers.publish", "write_batches"), [row])
        self._desk.spool.write([receipt_event(receipt, self._time)])

    def flush(self) -> list[Receipt]:
        """Commit what is staged, publish it, mark it done. Receipts in the order of the files."""
        if self._grouping:
            self._grouping = False
            self._group.close()
        if self._desk.spool.count:
            self._log.publish(self._desk.spool.read())
            batches = [filing.batch for filing in self._pending if isinstance(filing, Filing) and filing.is_news]
            mark_done(self._connection, batches)
            self._desk.spool.clear()
        receipts = [self._handed_back(one) for one in self._pending]
        self._pending, self._rows, self._files = [], 0, 0
        return receipts

    def _handed_back(self, outcome: Filing | Receipt) -> Receipt:
        if isinstance(outcome, Filing):
            return outcome.receipt_for_sender() if self._named else outcome.receipt()
        return outcome if self._named else without_name(outcome)
