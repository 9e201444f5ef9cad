"""Every template through the intake: untouched it says that nothing is filled in, filled it is taken row by row."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.readers.examples import EXAMPLES
from producers.templates.columns import TEMPLATES
from tests.fixtures.templates import FORMATS, fill, written
from tests.integration.intake_kit import FIRM, Kit, person, reasons
from tests.integration.person_kit import empty_kit

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


@pytest.mark.parametrize("form", FORMATS)
def test_a_template_is_refused_while_empty_and_taken_when_filled(kit: Kit, form: str) -> None:
    for name, kind in TEMPLATES.items():
        path = written(kit.folder, name, form)
        (receipt,) = kit.ingest(path)
        assert (name, reasons(receipt)) == (name, [("", "no-rows")])
        real = {"tax_code": FIRM, "tax_codes": FIRM, "dossier_date": "2026-10-05"} | person(1)
        row = EXAMPLES[kind] | {key: text for key, text in real.items() if key in EXAMPLES[kind]} | {"line": "1"}
        fill(path, kind, [row])
        (receipt,) = kit.ingest(path)
        assert (name, receipt.accepted, reasons(receipt)) == (name, 1, [])
