"""Records of the log as lines for the database: pure, and the only place that knows both forms."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec

from consumers.store import records
from consumers.store.chunks import Chunk, Raw
from consumers.store.declared import read_fact, read_finding, read_register_fact
from consumers.store.envelopes import UnreadableError, belongs, known
from consumers.store.envelopes import value as value_of
from consumers.store.lines import NULL, array, day, escaped, flag, is_plain, stated_day, text
from consumers.store.month_ends import Tick
from schemas.changes import CLOCK_KEY
from schemas.envelope import TYPE_PREFIX
from schemas.topics import ALERTS, CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN, RECEIPTS, REGISTRY_IN, STATUS


@dataclass(slots=True)
class Staged:
    """A batch ready to be written: COPY lines by table, ticks, and what could not be read."""

    chunks: list[Chunk]
    lines: dict[str, list[str]] = field(default_factory=dict)
    ticks: dict[int, list[Tick]] = field(default_factory=dict)
    passed: dict[int, date] = field(default_factory=dict)
    rejected: list[tuple[str, int, int, str]] = field(default_factory=list)

    def add(self, table: str, line: str) -> None:
        """One more line for a table. First readings of movements stand apart (``first_movements``): nearly all are."""
        found = self.lines.get(table)
        if found is None:
            found = self.lines[table] = []
        found.append(line)


_envelope = msgspec.json.Decoder(records.Envelope).decode
_change = msgspec.json.Decoder(records.Change).decode
_status = msgspec.json.Decoder(records.Status).decode
_passed = msgspec.json.Decoder(records.Passed).decode
_alert = msgspec.json.Decoder(records.Alert).decode
_move = msgspec.json.Decoder(records.Move).decode
_receipt = msgspec.json.Decoder(records.Receipt).decode
_json = msgspec.json.Encoder().encode

_PASSED = f"{TYPE_PREFIX}.clock.passed.v1"
_QUOTED: Final = re.compile(r"(?s)'.*'").sub


def stage(chunks: list[Chunk], *, refuse: str = "") -> Staged:
    """Decode all records. ``refuse`` is a reason to reject the (one) record unread: the database would not have it."""
    staged = Staged(chunks)
    for chunk in chunks:
        read = READERS[chunk.topic]
        for raw in chunk.records:
            try:
                if refuse:
                    raise UnreadableError(refuse)
                read(staged, chunk.partition, raw)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                staged.rejected.append((chunk.topic, chunk.partition, raw.offset, _reason(error)))
    return staged


def _reason(error: Exception) -> str:
    """Without the value: it might be what must not be shown."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deep"
    return _QUOTED("'…'", str(error))[:300]


def _open(raw: Raw) -> records.Envelope:
    event = _envelope(value_of(raw))
    known(event.type, event.time)
    return event


def _read_change(staged: Staged, partition: int, raw: Raw) -> None:
    value = value_of(raw)
    event = _change(value)
    known(event.type, event.time)
    data = event.data
    belongs(raw, CLOCK_KEY if type(data) is records.Tick else event.subject)
    at = f"{partition}\t{raw.offset}"
    if type(data) is records.Effect:
        unit = event.subject
        if not is_plain(value):
            unit, data = text(unit), escaped(data)
        staged.add(
            "effects",
            f"{at}\t{data.person}\t{unit}\t{stated_day(data.day)}\t{data.workers}\t{data.present}\t{data.members}"
            f"\t{data.fact}\t{flag(data.correction)}\t{event.time}\n",
        )
    elif type(data) is records.Mark:
        detail = text(_json(data.detail).decode())
        staged.add(
            "marks",
            f"{at}\t{text(event.subject)}\t{data.sign}\t{text(data.about)}\t{data.day}\t{text(data.key)}"
            f"\t{text(data.branch)}\t{flag(data.on)}\t{detail}\t{text(data.fact)}\t{event.time}\n",
        )
    elif type(data) is records.Action:
        staged.add(
            "actions",
            f"{at}\t{text(event.subject)}\t{text(data.alert)}\t{text(data.action)}\t{text(data.by)}\t{day(data.until)}"
            f"\t{event.time}\n",
        )
    elif type(data) is records.Tick:
        staged.ticks.setdefault(partition, []).append(Tick(raw.offset, data.day))
    elif type(data) is records.Inherited:
        staged.add(
            "inheritances",
            f"{at}\t{text(event.subject)}\t{data.sign}\t{text(data.alert)}\t{text(data.sender)}\t{data.left_on}"
            f"\t{event.time}\n",
        )


def _read_status(staged: Staged, partition: int, raw: Raw) -> None:
    event = _open(raw)
    if event.type == _PASSED:
        passed = _passed(event.data)
        staged.passed[passed.partition] = max(passed.day, staged.passed.get(passed.partition, passed.day))
        return
    one = _status(event.data)
    staged.add(
        "unit_status",
        f"{text(one.unit)}\t{text(one.kind)}\t{day(one.day)}\t{one.version}\t{one.workers}\t{one.present}"
        f"\t{one.members}\t{text(one.tax_code)}\t{text(one.union_code)}\t{text(one.name)}\t{text(one.ownership)}"
        f"\t{text(one.area_code)}\t{text(one.park)}\t{text(one.eligible_agreement)}\t{text(one.eligible_party)}"
        f"\t{text(one.upper_union)}\t{array(one.unions)}\t{flag(one.partial_cover)}\t{flag(one.agreement)}"
        f"\t{flag(one.party)}\t{text(one.baseline)}\t{day(one.dissolved_on)}\t{one.unclosed}"
        f"\t{array(one.successors)}\t{event.time}\n",
    )


def _read_alert(staged: Staged, partition: int, raw: Raw) -> None:
    event = _open(raw)
    one = _alert(event.data)
    staged.add(
        "alerts",
        f"{text(one.id)}\t{text(one.rule)}\t{text(one.unit)}\t{text(one.tax_code)}\t{text(one.name)}\t{one.episode}"
        f"\t{one.version}\t{text(one.state)}\t{one.workers}\t{one.opened_on}\t{day(one.confirmed_on)}"
        f"\t{day(one.resolved_on)}\t{text(one.reason)}\t{day(one.snoozed_until)}\t{text(one.by)}"
        f"\t{text(_json(one.history).decode())}\t{event.time}\t{array(one.successors)}"
        f"\t{text(_json(one.inherited).decode())}\n",
    )


def _read_movement(staged: Staged, partition: int, raw: Raw) -> None:
    value = value_of(raw)
    event = _move(value)
    known(event.type, event.time)
    one, plain = event.data, is_plain(value)
    facts, left_on, started_on = array(one.facts, plain=plain), day(one.left_on), day(one.started_on)
    if not plain:
        one = escaped(one)
    staged.add(
        "first_movements" if one.version == 1 else "movements",
        f"{one.movement_id}\t{one.version}\t{one.supersedes}\t{one.person}\t{one.what}\t{one.from_unit}"
        f"\t{one.to_unit}\t{left_on}\t{started_on}\t{facts}\t{event.time}\n",
    )


def _read_receipt(staged: Staged, partition: int, raw: Raw) -> None:
    event = _open(raw)
    one = _receipt(event.data)
    total = max(one.refused_total, len(one.refused))
    staged.add(
        "receipts",
        f"{text(one.batch)}\t{text(one.dossier)}\t{text(one.file)}\t{text(one.sha256)}\t{text(one.feed)}"
        f"\t{text(one.unit)}\t{one.accepted}\t{one.unchanged}\t{total}\t{flag(one.signed)}"
        f"\t{array(one.ignored_columns)}\t{event.time}\n",
    )
    for place, row in enumerate(one.refused):
        staged.add(
            "receipt_refusals",
            f"{text(one.batch)}\t{place}\t{text(row.line)}\t{text(row.field)}\t{text(row.reason)}"
            f"\t{text(row.message)}\n",
        )


Reader = Callable[[Staged, int, Raw], None]
READERS: Final[dict[str, Reader]] = {
    CHANGES: _read_change,
    STATUS: _read_status,
    ALERTS: _read_alert,
    MOVEMENTS: _read_movement,
    RECEIPTS: _read_receipt,
    MOVEMENTS_IN: lambda staged, partition, raw: read_fact(staged.add, partition, raw),
    REGISTRY_IN: lambda staged, partition, raw: read_register_fact(staged.add, partition, raw),
    FINDINGS: lambda staged, partition, raw: read_finding(staged.add, partition, raw),
}
"""The topics that the store reads."""

__all__ = ["NULL", "READERS", "Staged", "UnreadableError", "stage"]
