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
        self._said: dict[tuple[str, str], dict[str, Entry]] = {}

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
        """Facts first declared under (dossier, line), or restated by it; several when a row made several, units
        share a number, or the line corrected another one and was declared itself as well."""
        pairs = list(dict.fromkeys(cited))
        found: dict[tuple[str, str], dict[str, Entry]] = {pair: {} for pair in pairs}
        if pairs:
            asked = {"dossiers": [pair[0] for pair in pairs], "lines": [pair[1] for pair in pairs]}
            rows = self._connection.execute(query(PACKAGE, "find_cited"), asked, binary=True).fetchall()
            for entry, row in zip(self._keep(row[:16] for row in rows), rows, strict=True):
                found[(row[16], row[17]) if row[16] else (entry.dossier, entry.line)][entry.fact] = entry
            for entry in self._fresh.values():
                if (entry.dossier, entry.line) in found:
                    found[entry.dossier, entry.line][entry.fact] = entry
            for pair in pairs:
                found[pair].update(self._said.get(pair, {}))
        return {pair: list(entries.values()) for pair, entries in found.items()}

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

    def said_by(self, fact: str, dossier: str, line: str) -> None:
        """The row that has just restated a fact: it can be cited for it. The fact must have been added or touched."""
        entry = self._entries[fact]
        if (dossier, line) != (entry.dossier, entry.line):
            self._said.setdefault((dossier, line), {})[fact] = entry

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
        said = [(*pair, e.fact, e.batch) for pair, entries in self._said.items() for e in entries.values()]
        left = self._fresh | self._changed
        self.forget()
        self._entries = left
        return partial(self._store, lines, changed, said)

    def _store(self, lines: str, changed: list[Entry], said: list[tuple[str, str, str, str]]) -> None:
        if lines:
            copy_lines(self._connection, query(PACKAGE, "copy_facts"), lines)
        if said:
            columns_of_said = [list(column) for column in zip(*said, strict=True)]
            self._connection.execute(query(PACKAGE, "write_corrections"), columns_of_said)
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
        self._entries, self._fresh, self._changed, self._looked, self._said = {}, {}, {}, frozenset(), {}
