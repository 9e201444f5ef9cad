"""The part of the fact index that a block of rows touches: fetched in one statement, changed here, written in one."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from producers.background import BackgroundConnection
from producers.copying import array_of, copy_lines, escaped
from producers.index.entry import Entry
from producers.sql import query

PACKAGE = "producers.index"


Lookup = tuple[frozenset[str], "Future[list[tuple[Any, ...]]]"]
"""Facts that were asked for, and the index's rows of them."""


class Ledger:
    """Entries by fact id. What a row changes is seen by the next row, in this block and after ``store`` in the next.

    What a block has changed stays at hand until the next one is stored: that one may have asked the index before.
    """

    def __init__(self, connection: BackgroundConnection) -> None:
        self._connection = connection
        self._entries: dict[str, Entry] = {}
        self._looked: frozenset[str] = frozenset()
        self._fresh: dict[str, Entry] = {}
        self._changed: dict[str, Entry] = {}

    def ask(self, facts: Iterable[str]) -> Lookup | None:
        """Look facts up in the background, for ``take_up``."""
        wanted = frozenset(facts)
        text = array_of(wanted)

        def look() -> list[tuple[Any, ...]]:
            return self._connection.execute(query(PACKAGE, "find_facts"), (text,), binary=True).fetchall()

        return (wanted, self._connection.behind(look)) if wanted else None

    def take_up(self, lookup: Lookup | None) -> None:
        """Have the facts asked for at hand. At most one block may have been stored since they were asked for."""
        if lookup:
            self._looked, asked = lookup
            rows = self._connection.answer(asked)
            self._keep(rows)

    def fetch(self, facts: Iterable[str]) -> None:
        """Have these facts at hand, as far as the index knows them."""
        wanted = [fact for fact in facts if fact not in self._entries and fact not in self._looked]
        if wanted:
            self._keep(self._connection.execute(query(PACKAGE, "find_facts"), (array_of(wanted),), binary=True))

    def fetch_cited(self, cited: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Entry]]:
        """Facts first declared under (dossier, line); several when a row made several, or units share a number."""
        pairs = list(dict.fromkeys(cited))
        found: dict[tuple[str, str], list[Entry]] = {pair: [] for pair in pairs}
        if pairs:
            dossiers, lines = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            rows = self._connection.execute(query(PACKAGE, "find_cited"), (dossiers, lines), binary=True)
            for entry in self._keep(rows):
                found[entry.dossier, entry.line].append(entry)
            for entry in self._fresh.values():
                if (entry.dossier, entry.line) in found:
                    found[entry.dossier, entry.line].append(entry)
        return found

    def _keep(self, rows: Iterable[tuple]) -> list[Entry]:  # type: ignore[type-arg]
        """Rows as entries; one that is at hand already is newer than the database's."""
        kept = []
        for (
            fact,
            key,
            version,
            live,
            content,
            past,
            batch,
            source,
            unit,
            branch,
            form,
            dossier,
            line,
            day,
            change,
            detail,
        ) in rows:
            entry = Entry(
                fact.hex, key, version, live, bytes(content), bytes(past), batch.hex,
                source, unit, branch, form, dossier, line, day.isoformat(), change, detail,
            )  # fmt: skip
            kept.append(self._entries.setdefault(entry.fact, entry))
        return kept

    def get(self, fact: str) -> Entry | None:
        """The entry, None when the fact is new. It must have been fetched."""
        return self._entries.get(fact)

    def add(self, entry: Entry) -> None:
        """A fact seen for the first time."""
        self._entries[entry.fact] = self._fresh[entry.fact] = entry

    def touch(self, entry: Entry) -> None:
        """Say that an entry's fields were changed."""
        if entry.fact not in self._fresh:
            self._changed[entry.fact] = entry

    def store(self) -> None:
        """Write the block into the index, with an image of each changed row for undoing. Then start afresh."""
        self.handed_over()()

    def handed_over(self) -> Callable[[], None]:
        """What ``store`` would write, as work for later; this ledger goes on at once.

        It is put into words here: the next block may change an entry before it is written.
        """
        lines = "".join(
            f"{e.fact}\t{e.key}\t{e.version}\t{e.live}\t\\\\x{e.content.hex()}\t\\\\x{e.past.hex()}\t{e.batch}"
            f"\t{e.source}\t{e.unit}\t{e.branch}\t{e.form}\t{escaped(e.dossier)}\t{escaped(e.line)}\t{e.day}"
            f"\t{e.change}\t{e.detail}\n"
            for e in self._fresh.values()
        )
        changed = [replace(entry) for entry in self._changed.values()]
        left = self._fresh | self._changed
        self.forget()
        self._entries = left
        return partial(self._store, lines, changed)

    def _store(self, lines: str, changed: list[Entry]) -> None:
        if lines:
            copy_lines(self._connection, query(PACKAGE, "copy_facts"), lines)
        if changed:
            batches, facts = [e.batch for e in changed], [e.fact for e in changed]
            self._connection.execute(query(PACKAGE, "keep_images"), (batches, facts))
            columns = (
                facts,
                [e.key for e in changed],
                [e.version for e in changed],
                [e.live for e in changed],
                [e.content for e in changed],
                [e.past for e in changed],
                batches,
                [e.unit for e in changed],
                [e.branch for e in changed],
                [e.form for e in changed],
                [e.day for e in changed],
                [e.change for e in changed],
                [e.detail for e in changed],
            )
            self._connection.execute(query(PACKAGE, "update_facts"), columns)

    def forget(self) -> None:
        """Drop what is at hand without writing it."""
        self._entries, self._fresh, self._changed, self._looked = {}, {}, {}, frozenset()
