"""A held row corrected, or given up: under its lock, with who did it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import psycopg

from producers.errors import IntakeError
from producers.quarantine.holding import PACKAGE, sealed_values
from producers.quarantine.reading import Seen, Wanted, opened, seen_rows
from producers.quarantine.restaging import KINDS
from producers.readers.model import FeedKind
from producers.readers.texts import clean
from producers.readers.vocabulary import NAMES, name_of, title_of
from producers.sql import query
from producers.staging.words import line_name
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import log_read


class NotCorrected(IntakeError):
    """A row can't be corrected so: it does not wait, or the feed has no such column. Vietnamese first."""


def columns_of(source: str) -> list[str]:
    """Canonical columns that a row of this source may have."""
    return [name for name in NAMES[_kind(source)] if name not in ("movement_label",)]


def headers_of(source: str) -> dict[str, str]:
    """Canonical column -> its Vietnamese header, the columns of corrections last."""
    last = ("line", "action", "cites")
    names = sorted(columns_of(source), key=lambda name: name in last)
    return {name: title_of(_kind(source), name) for name in names}


def edit(
    connection: psycopg.Connection, keys: VaultKeys, held: int, changes: Mapping[str, str], *, who: str, now: datetime
) -> list[str]:
    """Set columns of a waiting row; an empty value removes one. The canonical names of those that changed.

    Columns are named as in a file, in English or Vietnamese. ``NotCorrected``. The row is not sent by this.
    """
    with connection.transaction():
        keys = refreshed(connection, keys, hold=True)
        rows = connection.execute(query(PACKAGE, "lock_rows"), {"ids": [held], "reason": ""}).fetchall()
        if not rows:
            raise NotCorrected(_not_waiting(connection, held))
        _, _, _, _, source, _, _, line, *_, sealed = rows[0]
        log_read(connection, who=who, why="edit", what="quarantine", person=None, rows=1)
        values = opened(keys, sealed)
        before = dict(values)
        for stated, text in changes.items():
            name = name_of(_kind(source), stated)
            if name is None or name not in columns_of(source):
                raise NotCorrected(_unknown_column(source))
            if kept := clean(text):
                values[name] = kept
            else:
                values.pop(name, None)
        changed = sorted(name for name in {*values, *before} if values.get(name) != before.get(name))
        if changed:
            if "line" in changed and "line" in values:
                line = line_name(values["line"], keys.content)
            connection.execute(
                query(PACKAGE, "edit_row"),
                {"id": held, "sealed": sealed_values(keys, values), "line": line, "at": now},
            )
            _note(connection, [held], who, "edited", ", ".join(changed), now)
    return changed


def discard(connection: psycopg.Connection, ids: Sequence[int], *, who: str, why: str, now: datetime) -> list[int]:
    """Give waiting rows up, for a reason that stays; the ids that were given up now. ``NotCorrected`` without a why."""
    if not why.strip():
        raise NotCorrected("Bỏ một dòng phải nêu lý do. / To discard a row, say why.")
    with connection.transaction():
        rows = connection.execute(query(PACKAGE, "lock_rows"), {"ids": list(ids), "reason": ""}).fetchall()
        gone = [row[0] for row in rows]
        if gone:
            connection.execute(query(PACKAGE, "discard_rows"), {"ids": gone, "at": now, "why": why.strip()})
            _note(connection, gone, who, "discarded", why.strip(), now)
    return gone


def _kind(source: str) -> FeedKind:
    return KINDS[source]


def _note(connection: psycopg.Connection, ids: list[int], who: str, did: str, said: str, now: datetime) -> None:
    connection.execute(
        query(PACKAGE, "write_log"), {"ids": ids, "at": now, "who": who, "did": did, "said": [said] * len(ids)}
    )


def _not_waiting(connection: psycopg.Connection, held: int) -> str:
    found: list[Seen] = seen_rows(connection, Wanted(ids=[held], state=""))
    if not found:
        return f"Không có dòng {held} trong khu cách ly. / There is no row {held} in quarantine."
    vi = {"fixed": "đã được gửi lại và nhận", "discarded": "đã bị bỏ"}[found[0].state]
    en = {"fixed": "was corrected and taken in already", "discarded": "was discarded"}[found[0].state]
    return f"Dòng {held} {vi}, không sửa được nữa. / Row {held} {en}; it can't be edited any more."


def _unknown_column(source: str) -> str:
    names = ", ".join(columns_of(source))
    return f"Nguồn {source} không có cột này; các cột: {names}. / {source} has no such column; columns: {names}."
