"""Held rows through the same rules as the rows of a file: refused ones stay held, with the new reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from producers.areas import Areas
from producers.index.entry import Entry
from producers.index.rosters import rosters_of_file
from producers.quarantine.holding import PACKAGE
from producers.quarantine.reading import opened
from producers.readers import FeedKind, Row
from producers.sql import query
from producers.staging.block import open_block, stage_block
from producers.staging.consequences import state_rosters
from producers.staging.desk import Desk
from producers.staging.file import BLOCK, FileStaging
from producers.staging.filing import Filing
from producers.staging.remarks import remark_unknown
from producers.staging.words import scrubbed
from producers.validate.claims import RowFault
from producers.validate.context import Context, place_of_key, sane_days
from producers.validate.rows import RULES

D02, ROSTER = RULES[FeedKind.D02][0], RULES[FeedKind.ROSTER][0]
SHOWN = 20
TWICE = ("line-twice", "row-twice")
KINDS = {source: kind for kind, (source, _) in RULES.items()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A locked row of quarantine. ``said``: the context of its file (``producers.validate.context.said_of``)."""

    id: int
    batch: str
    dossier: str
    unit: str
    feed: str
    file: str
    sha256: str
    line: str
    reason: str
    said: dict[str, str]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Again:
    """A row that still fails."""

    id: int
    field: str
    reason: str
    message: str


class Restaging(FileStaging):
    """Rows of one file with one context. Everything happens in the caller's transaction."""

    def __init__(self, desk: Desk, rows: Sequence[Waiting]) -> None:
        first = rows[0]
        said = first.said
        super().__init__(desk, first.file, unit=said.get("option", ""), dossier=said.get("dossier", ""), replaces="")
        self.rows = rows
        self.again: list[Again] = []
        self.filing_of: dict[int, Filing] = {}
        """Of the rows that went through."""
        self._standing: dict[str, list[str]] = defaultdict(list)
        self._held = {id(row.values): row for row in rows}
        self._judged = _context(desk, first)

    def stage(self) -> None:
        """Judge all rows as if they stood in a file now."""
        context = self._judged
        kind = KINDS[context.source]
        for start in range(0, len(self.rows), BLOCK):
            rows = [Row(row.line, f"line {row.line}", row.values) for row in self.rows[start : start + BLOCK]]
            stage_block(open_block(rows, RULES[kind][1], context, self), context, self)

    def line_name(self, line: str) -> str:
        """It was named when the row was first refused: under that name it has its identity."""
        return line

    def filing(self, dossier: str, context: Context) -> Filing:
        """A receipt of its own for each dossier; a row that is still refused alone makes none."""
        found = super().filing(dossier, context)
        found.repeat = True
        return found

    def refuse_said(self, context: Context, line: str, values: dict[str, str], fault: RowFault, message: str) -> None:
        """It stays where it is."""
        held = self._held[id(values)]
        filing = self.filing(held.dossier, context)
        message = scrubbed(message, values)
        filing.refuse(line, fault.field, fault.reason, message)
        self.again.append(Again(held.id, fault.field, fault.reason, message))

    def taken_before(self, filing: Filing, line: str, values: dict[str, str], context: Context) -> bool:
        """Whatever is known of its file, the row itself was refused."""
        return False

    def unchanged(self, filing: Filing, line: str) -> None:
        """It came in by another way meanwhile; the receipt says so, lest somebody look for a fact of it."""
        super().unchanged(filing, line)
        self._standing[filing.batch].append(line)

    def stated_at(self, entry: Entry, values: dict[str, str]) -> str | None:
        """The other rows of its file were taken in, or held, when it came; what it met then is still there."""
        if (place := super().stated_at(entry, values)) is not None:
            return place
        if self._held[id(values)].reason in TWICE:
            return ""
        return "" if self._is_of_file(entry) else None

    def corrected_at(self, entry: Entry) -> str | None:
        """The first one may have come in with the file, or stand among these rows."""
        place = super().corrected_at(entry)
        return "" if place is None and entry.version > 1 and self._is_of_file(entry) else place

    def _is_of_file(self, entry: Entry) -> bool:
        """What stands was said by a row of the same file."""
        asked = {"batch": entry.batch, "sha256": self._judged.sha256}
        return self.desk.connection.execute(query(PACKAGE, "is_of_file"), asked).fetchone() is not None

    def restated(self, fact: str | None, line: str) -> None:
        """Only a whole file drops the lines that it leaves out."""

    def finish(self) -> list[Filing]:
        """Receipts of what went through, and of what is still refused; a roster becomes complete with its last row."""
        refused = {again.id for again in self.again}
        for row in self.rows:
            if row.id not in refused:
                self.filing_of[row.id] = self.filings[self._dossier_of(row)]
                self.filing_of[row.id].fixed.append(row.line)
        if self._judged.source == ROSTER:
            self._wait_for_others()
        if self.filing_of:
            state_rosters(self, self._judged)
        self.store_block()
        filings = list(self.filings.values())
        remark_unknown(self.desk.connection, filings)
        for filing in filings:
            filing.remark(_notes(filing.fixed, self._standing[filing.batch]))
        self.desk.connection.settle()
        return filings

    def _dossier_of(self, row: Waiting) -> str:
        """As the rules of the feeds name it: a declared dossier, else the file."""
        if self._judged.source != D02:
            return row.sha256
        return " ".join(row.values.get("dossier_no", "").split()) or self._judged.dossier

    def _wait_for_others(self) -> None:
        """As long as another row of the file waits, whoever is in it would count as not listed."""
        ids = [row.id for row in self.rows]
        files = list({row.sha256 for row in self.rows})
        for file in files:
            for roster in rosters_of_file(self.desk.connection, file):
                self.rosters.know(*roster)
        found = self.desk.connection.execute(query(PACKAGE, "waiting_of_rosters"), {"files": files, "ids": ids})
        for said, sealed in found.fetchall():
            place = place_of_key(said.get("place", ""))
            self.rosters.refuse(
                opened(self.desk.keys, sealed), replace(self._judged, place=place, unit_code=said.get("unit_code", ""))
            )


def _notes(fixed: list[str], standing: list[str]) -> Iterator[str]:
    """What became of the rows that went through, for the receipt."""
    if news := _shown([line for line in fixed if line not in standing]):
        yield f"sửa từ khu cách ly, dòng {news} / corrected in quarantine, lines {news}"
    if known := _shown(standing):
        yield (
            f"dòng {known} từ khu cách ly ghi đúng như bản đang có hiệu lực nên không công bố gì thêm"
            f" / lines {known} from quarantine say what stands already, so nothing more was published"
        )


def _shown(lines: list[str]) -> str:
    return ", ".join(lines[:SHOWN]) + (" …" if len(lines) > SHOWN else "")


def stage_waiting(desk: Desk, rows: Iterable[Waiting]) -> Iterator[Restaging]:
    """Rows judged in groups that share file and context; each group is finished when it is given."""
    groups: dict[tuple[str, ...], list[Waiting]] = defaultdict(list)
    for row in rows:
        groups[(row.feed, row.sha256, row.file, *map(str, sorted(row.said.items())))].append(row)
    for group in groups.values():
        staging = Restaging(desk, group)
        staging.stage()
        yield staging


def _context(desk: Desk, row: Waiting) -> Context:
    said = row.said
    place = said.get("place", "" if said else row.unit)  # rows of before contexts were kept
    return Context(
        source=row.feed,
        file=row.file,
        sha256=row.sha256,
        today=desk.today,
        days=sane_days(desk.today),
        directory=desk.directory,
        dossiers=desk.dossiers,
        areas=Areas(desk.connection),
        place=place_of_key(place),
        place_is_option=said.get("place_is_option") == "yes",
        unit_code=said.get("unit_code", ""),
        option=said.get("option", ""),
        dossier=said.get("dossier", ""),
        dossier_derived=said.get("dossier_derived") == "yes",
        form=said.get("form", ""),
        replaces=said.get("replaces", ""),
    )
