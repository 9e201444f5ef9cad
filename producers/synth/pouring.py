"""The synthetic city straight onto the log: the events that the intake would publish, without its database.

The files are written and read as ever, and each row is judged by the intake's own rules; but who a row speaks of is
computed (``people``), and what is known already is taken from the city's ledger instead of an index. So a load test
needs only Kafka, and memory holds some numbers a person. The facts are in no index: an intake on the same log knows
nothing of them, and its next corrections could not cite them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from producers.areas import ShippedAreas
from producers.publish.events import fact_event, receipt_event, recorded
from producers.publish.log import Log
from producers.publish.spool import Spool
from producers.readers import RowRefused, open_readings
from producers.staging.filing import Filing
from producers.staging.words import line_name
from producers.synth.expected import Expected
from producers.synth.generate import files
from producers.synth.ledger import FileCount
from producers.synth.telling import SECRET, NoNumbers, NoUnits, Teller
from producers.validate.claims import RowFault, Stated
from producers.validate.context import Context, sane_days, stated_place
from producers.validate.d02 import SOURCE as D02_SOURCE
from producers.validate.rows import RULES, withdrawal

GROUP = 20_000
"""Events after which a transaction is ended, with the file that is being poured."""


def pour(
    folder: Path, expected: Expected, log: Log, *, now: datetime, progress: Callable[[str, int, int], None]
) -> int:
    """Publish a generated city in the order of intake, dossiers whole, receipts with them. How many events of facts.

    ``log`` is entered already. ``KafkaAway``, ``Overtaken``; what was published before stays.
    """
    paths = files(folder)
    counts = {count.path: count for count in expected.files}
    teller = Teller(folder, expected.seed)
    events = 0
    with Spool() as spool:
        for place, path in enumerate(paths):
            count = counts[path.relative_to(folder).as_posix()]
            if count.accepted:  # else all of it was sent before
                spool.write(_told(path, count, teller, now))
            if spool.count >= GROUP or place == len(paths) - 1:
                log.publish(spool.read())
                events += spool.count
                spool.clear()
            progress("events on the log", place + 1, len(paths))
    return events - teller.receipts


def _told(path: Path, count: FileCount, teller: Teller, now: datetime) -> Iterator[tuple[str, bytes, bytes]]:
    """Records (topic, key, value) of one file: facts, then the receipts of its dossiers."""
    time, today = recorded(now), now.date().isoformat()
    refused = {one.line for one in count.refused}
    filings: dict[str, Filing] = {}
    with open_readings(path) as readings:
        for reading in readings:
            source, rule = RULES[reading.kind]
            units = NoUnits()
            place, _, _ = stated_place(reading, "", units, today)
            context = Context(
                source, reading.file, reading.sha256, today, sane_days(today), units, NoNumbers(), ShippedAreas(),
                place, dossier=reading.dossier, form=reading.form,
            )  # fmt: skip
            for row in reading.rows:
                line = line_name(row.line, SECRET)
                if isinstance(row, RowRefused) or row.line in refused:
                    continue
                try:
                    withdrawn = withdrawal(row.values, context) if source != D02_SOURCE else None
                    stated: Stated = withdrawn or rule(row.values, line, context)
                except RowFault:  # a broken row of a register, which has no line of its own
                    continue
                filing = filings.setdefault(stated.dossier, Filing(stated.dossier, source, path.name, reading.sha256))
                filing.accepted += 1
                for said in teller.say(stated, filing, line, context):
                    yield fact_event(said, stated.dossier, line, time)
    if filings:
        filing = next(iter(filings.values()))
        for said in teller.roster_facts(filing):
            yield fact_event(said, filing.dossier, "roster", time)
    for filing in filings.values():
        teller.receipts += 1
        yield receipt_event(filing.receipt(), time)
