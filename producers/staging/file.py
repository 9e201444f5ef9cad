"""One file (or one file of a ZIP) on its way in: all of it is staged, or none."""

import re
from collections.abc import Callable
from itertools import islice

from producers.areas import Areas
from producers.index.decide import Origin, Spoken
from producers.index.entry import Entry
from producers.index.ledger import Ledger
from producers.members.positions import StatedPost, state_positions
from producers.publish.events import fact_event, recorded
from producers.quarantine import Refusal, hold
from producers.readers import Reading
from producers.readers.harmless import public_name
from producers.sql import query
from producers.staging.block import Block, open_block, stage_block
from producers.staging.consequences import drop_lines, state_rosters
from producers.staging.desk import Desk
from producers.staging.filing import Filing
from producers.staging.remarks import OPTION_UNUSED, TWO_UNITS, remark_lines, remark_settled, remark_unknown
from producers.staging.replaced import check_replaced, find_replaced, place_of_refused
from producers.staging.roster_book import RosterBook
from producers.staging.row_facts import cited_line
from producers.staging.same_day import remark_same_day
from producers.staging.stated_lines import StatedLines
from producers.staging.words import line_name, scrubbed, sentence
from producers.units.tax_code import Place
from producers.validate.claims import FileFault, Post, RowFault, Stated
from producers.validate.context import Context, codes_differ, dossier_day, said_of, sane_days, stated_place
from producers.validate.d02 import DOSSIER_LENGTH, names_a_dossier, says_of_its_row
from producers.validate.d02 import SOURCE as D02_SOURCE
from producers.validate.options import check_dossier, check_options
from producers.validate.rows import RULES
from producers.validate.unitnames import reads_as_unit
from producers.vault.block import VaultBlock

BLOCK = 5_000
"""Rows at a time: memory stays bounded however long the file is, and statements are few."""

DOSSIER = re.compile(rf"[^\x00-\x1f]{{1,{DOSSIER_LENGTH}}}")


class FileStaging:
    """Filings of a file, and the readings taken so far. Everything happens in the caller's savepoint.

    Three blocks are at hand: one is read and validated and then asked about, the one before is staged, and the one
    before that is written. The connection works all the time, in the order: ask for n+1, write n, ask for n+2. So the
    answer about n+1 does not know what n writes; that is kept at hand (``added_before``, and in the ledger).
    """

    def __init__(self, desk: Desk, name: str, *, unit: str, dossier: str, replaces: str) -> None:
        self.desk, self._name = desk, name
        self.ledger = Ledger(desk.connection)
        self.rosters = RosterBook()
        self.stated, self.corrected = StatedLines(), StatedLines()
        self.recheck: set[tuple[Place, str]] = set()
        self.dropped_rosters: set[tuple[Place, str]] = set()
        self.listed_before: set[tuple[Place, str]] = set()
        self.places: set[str] = set()
        self.filings: dict[str, Filing] = {}
        self.added_before: dict[bytes, str] = {}
        self._unit, self._dossier, self._replaces = unit, dossier, replaces
        self._time = recorded(desk.now)
        self._refusals: list[Refusal] = []
        self._restated: list[tuple[str | None, str]] = []
        self._restating = False
        self._posts: list[StatedPost] = []
        self._lacking: FileFault | None = None
        self._context: Context | None = None
        self._stood: dict[str, frozenset[str]] = {}
        self._refused_places: set[str] = set()
        self._untaken: dict[str, frozenset[tuple[str, str, str]]] = {}
        if replaces:
            self._make_restated()

    def take(self, reading: Reading, progress: Callable[[str, int], None]) -> None:
        """Stage all rows of a reading. ``FileRefused`` from the reader and ``FileFault`` mean: roll back the file."""
        source, rule = RULES[reading.kind]
        context = self._context_of(reading, source)
        valid = rows = 0
        self._lacking = None
        ahead: Block | None = None
        while read := list(islice(reading.rows, BLOCK)):
            opened = open_block(read, rule, context, self)
            if ahead:
                valid += stage_block(ahead, context, self)
            ahead = opened
            if context.replaces:  # what a row restates decides under which number the next ones are identified
                valid += stage_block(ahead, context, self)
                ahead = None
            rows += len(read)
            progress(reading.file, rows)
        if ahead:
            valid += stage_block(ahead, context, self)
        if not valid and self._lacking:
            raise self._lacking
        day = dossier_day(reading, self.desk.today)
        differ = codes_differ(reading.tax_code, reading.unit_code, self.desk.directory, day)
        for filing in self.filings.values():
            filing.notice(reading)
            if differ:
                filing.remark([TWO_UNITS])
            if reading.dossier and self._dossier not in ("", reading.dossier):
                filing.remark([OPTION_UNUSED])

    def _context_of(self, reading: Reading, source: str) -> Context:
        desk = self.desk
        check_options(self._unit, self._replaces)
        place, is_option, unit_code = stated_place(reading, self._unit, desk.directory, desk.today)
        sha256 = reading.part_sha256 if "/" in self._name else reading.sha256
        replaces = self._replaces
        if replaces and source not in self._stood:  # as it was before this file
            self._stood[source] = find_replaced(desk.dossiers, source, replaces)
        dossier = " ".join((reading.dossier or self._dossier).split())
        check_dossier(dossier)
        context = Context(
            source=source,
            file=self._public(reading, sha256, place),
            sha256=sha256,
            today=desk.today,
            days=sane_days(desk.today),
            directory=desk.directory,
            dossiers=desk.dossiers,
            areas=Areas(desk.connection),
            place=place,
            place_is_option=is_option,
            unit_code=unit_code,
            option=self._unit,
            dossier=dossier,
            dossier_derived=reading.dossier_derived,
            form=reading.form,
            replaces=replaces,
        )
        self._context = context
        return context

    def _public(self, reading: Reading, part: str, place: Place | None) -> str:
        """The file's name as the log may have it; ``part`` is the SHA-256 of the file of a ZIP."""

        def is_unit(code: str) -> bool:
            asked = {"subjects": [f"e{code}"]}
            stated = self.desk.connection.execute(query("producers.staging", "find_stated"), asked).fetchone()
            return stated is not None or (place is not None and place.unit == f"e{code}")

        outer, slash, inner = reading.file.partition("/")
        named = public_name(outer, reading.sha256, is_unit)
        return f"{named}/{public_name(inner, part, is_unit)}" if slash else named

    def filing(self, dossier: str, context: Context) -> Filing:
        """The filing of a dossier of this file, opened on first sight."""
        found = self.filings.get(dossier)
        if found is None:
            asked = {"sha256": context.sha256, "dossier": dossier}
            known = self.desk.connection.execute(query("producers.staging", "find_batch"), asked)
            found = Filing(
                dossier,
                context.source,
                "/".join(context.file.split("/")[: self._name.count("/") + 1]),
                context.sha256,
                sent_as=self._name,
                repeat=known.fetchone() is not None,
            )
            self.filings[dossier] = found
        return found

    def refuse(self, context: Context, line: str, place: str, values: dict[str, str], fault: RowFault) -> None:
        """Put a row into quarantine and on the receipt."""
        self.refuse_said(context, line, values, fault, sentence(context.file, place, fault.vi, fault.en))

    def refuse_said(self, context: Context, line: str, values: dict[str, str], fault: RowFault, message: str) -> None:
        """The same for a row whose sentence is made already."""
        if fault.reason in ("missing-unit", "missing-dossier"):
            self._lacking = self._lacking or FileFault(fault.reason, fault.vi, fault.en)
        stated = " ".join(values.get("dossier_no", "").split())
        dossier = stated or context.dossier if context.source == D02_SOURCE else ""
        wrong = not names_a_dossier(stated, values) if stated else says_of_its_row(dossier, values)
        if wrong or not DOSSIER.fullmatch(dossier):
            dossier = context.sha256
        filing = self.filing(dossier, context)
        message = scrubbed(message, values)
        filing.refuse(line, fault.field, fault.reason, message)
        self._refusals.append(
            Refusal(
                filing.batch, dossier, _unit_of(values, context), context.source, context.file, context.sha256, line,
                fault.field, fault.reason, message, values, filing.repeat, said_of(context),
            )
        )  # fmt: skip
        if context.replaces:
            if spoken_for := place_of_refused(values, context):
                self._refused_places.add(spoken_for.key)
            self.restated(None, line)
            if cited := cited_line(values, context):
                self.restated(None, cited)

    def taken_before(self, filing: Filing, line: str, values: dict[str, str], context: Context) -> bool:
        """The very row was taken in before: its file was, and it is none of those that were refused and never came in
        since. What it says may have been corrected meanwhile; such a row is no news."""
        if not filing.repeat:
            return False
        if filing.sha256 not in self._untaken:
            asked = query("producers.staging", "find_untaken_lines")
            rows = self.desk.connection.execute(asked, (filing.sha256,)).fetchall()
            self._untaken[filing.sha256] = frozenset((dossier, unit, of) for dossier, unit, of in rows)
        return (filing.dossier, _unit_of(values, context), line) not in self._untaken[filing.sha256]

    def compare_codes(self, filing: Filing, line: str, values: dict[str, str], stated: Stated) -> None:
        """Have it on the receipt when a row states the unit code of another enterprise; a register hands codes on."""
        if stated.unit_code is None and "unit_code" in values:
            day = stated.claims[0].day if stated.claims else self.desk.today
            if codes_differ(values.get("tax_code", ""), values["unit_code"], self.desk.directory, day):
                filing.two_units.append(line)

    def unchanged(self, filing: Filing, line: str) -> None:
        """A row says what stands already."""
        filing.unchanged += 1

    def stated_at(self, entry: Entry, values: dict[str, str]) -> str | None:
        """Where this file stated the fact already, empty where the place is not known; None if it did not."""
        return self.stated.place_of(entry.fact)

    def corrected_at(self, entry: Entry) -> str | None:
        """Where this file has corrected the fact already, as ``stated_at``. A file with ``--replaces`` corrects by
        whatever it states."""
        return (self.stated if self._replaces else self.corrected).place_of(entry.fact)

    def restated(self, fact: str | None, line: str) -> None:
        """This fact (or line) is in the file too: of the dossier under ``--replaces``, or of a roster of its day."""
        if not self._restating:
            self._make_restated()
        self._restated.append((fact, line))

    def _make_restated(self) -> None:
        self.desk.connection.execute(query("producers.staging", "make_restated"))
        self._restating = True

    def hold_posts(self, person: str, posts: tuple[Post, ...], origin: str) -> None:
        """A row says which positions its person holds; ``origin`` is for the record's history."""
        self._posts += [StatedPost(person, post, origin) for post in posts]

    def line_name(self, line: str) -> str:
        """How a line is called on the log."""
        return line_name(line, self.desk.keys.content)

    def say(self, filing: Filing, origin: Origin, spoken: list[Spoken]) -> None:
        """Spool what is to be published for a row."""
        self.desk.spool.write(fact_event(one, filing.dossier, origin.line, self._time) for one in spoken)
        filing.events += len(spoken)

    def store_block(self, vault: VaultBlock | None = None) -> None:
        """Write what the block gathered: vault, positions, index, unit codes, quarantine, restated lines.

        It is written in the background: what it consists of is handed over here, and the next statement waits for it.
        """
        refusals, restated, posts = self._refusals, self._restated, self._posts
        self._refusals, self._restated, self._posts = [], [], []
        if vault:
            vault.begin()
        index = self.ledger.handed_over()
        desk = self.desk

        def write() -> None:
            index()  # meanwhile the vault's rows are sealed
            if vault:
                vault.store()
            state_positions(desk.connection, desk.keys, posts, desk.now)
            desk.directory.store()
            if refusals:
                hold(desk.connection, desk.keys, refusals, desk.now)
            if restated:
                facts, lines = [row[0] for row in restated], [row[1] for row in restated]
                desk.connection.execute(query("producers.staging", "keep_restated"), (facts, lines))

        desk.connection.behind(write)
        self.added_before = vault.added if vault else {}

    def finish(self) -> list[Filing]:
        """State what follows from the file as a whole, and its batches; the filings in the order of their dossiers."""
        context = self._context
        if context is not None and self.filings:
            if context.replaces:
                spoken_for = self.places | self._refused_places
                check_replaced(context, spoken_for, self._stood[context.source], named=self.desk.named)
                drop_lines(self, context)
            state_rosters(self, context)
            remark_same_day(self)
            self.store_block()
            remark_lines(self.filings.values())
            remark_unknown(self.desk.connection, self.filings.values())
            remark_settled(self.desk.connection, self.filings.values())
        self.desk.connection.settle()
        return list(self.filings.values())


def _unit_of(values: dict[str, str], context: Context) -> str:
    """For which unit a row speaks, as quarantine has it in clear: empty where columns may have moved. The sealed row
    tells what was stated."""
    stated = values.get("tax_code", "")
    if stated:
        return stated if reads_as_unit(stated, values) else ""
    return context.place.key if context.place else ""
