"""Two envelopes of one unit, procedure, period and day have one number, and neither states another (rule 8)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.quarantine.correcting import edit
from producers.quarantine.reading import Wanted, seen_rows
from producers.quarantine.resending import resend
from schemas.topics import MOVEMENTS_IN
from tests.fixtures.d02_xml import d02_xml, envelope
from tests.fixtures.workers import Worker, workers
from tests.integration.intake_kit import FIRM, NOW, Kit, counts, reasons
from tests.integration.person_kit import empty_kit

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def enveloped(kit: Kit, name: str, people: Sequence[Worker]) -> Path:
    path = kit.folder / name
    path.write_bytes(envelope([("D02-TS-595.xml", d02_xml(people))], tax_code=FIRM))
    return path


def test_a_refused_row_of_a_supplement_is_told_how_it_comes_in(kit: Kit) -> None:
    first, other = workers(2)
    kit.ingest(enveloped(kit, "first.xml", [first]))
    other.line = first.line
    (receipt,) = kit.ingest(enveloped(kit, "supplement.xml", [other]), dossier="SUP-2")
    assert reasons(receipt) == [("1", "conflict")]
    assert "another dossier of the same day (a supplement)" in receipt.refused[0].message
    assert [note for note in receipt.notes if "--dossier was not used" in note]
    (held,) = seen_rows(kit.db, Wanted(state="waiting"))
    edit(kit.db, kit.intake.keys, held.id, {"dossier_no": "SUP-2"}, who="clerk", now=NOW)
    kit.log.restart()
    resend(kit.intake, who="clerk", now=NOW, ids=(held.id,))
    (record,) = kit.log.read(MOVEMENTS_IN)
    assert (record.data["unit"], record.data["dossier"]) == (f"e{FIRM}", "SUP-2")


def test_nothing_is_remarked_where_the_option_says_what_the_file_says(kit: Kit) -> None:
    (receipt,) = kit.ingest(enveloped(kit, "one.xml", workers(1)), dossier="600/10-2026/2026-11-03")
    assert (counts(receipt), [note for note in receipt.notes if "--dossier" in note]) == ((1, 0, 0), [])
