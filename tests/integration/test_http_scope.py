"""A key speaks for its scope whatever way a post states its unit: in the row, for the batch, in a header, by citing."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from consumers.store import prepare_database
from deploy.local import Endpoints
from producers.staging.remarks import TWO_UNITS
from schemas.topics import MOVEMENTS_IN, REGISTRY_IN
from tests.fixtures.d02_xml import d02_xml, envelope
from tests.fixtures.workers import workers
from tests.integration.http_kit import Http, make_key, member, movement, served, working
from tests.integration.intake_kit import FIRM, OTHER, Kit, listed

pytestmark = pytest.mark.services

SCOPE = {"unions": ["CD-1"], "enterprises": [FIRM]}
FIRM_CODE, OTHER_CODE = "TA0001A", "TA0002A"
Row = dict[str, str]


@pytest.fixture(scope="module")
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """Two enterprises with their unit codes."""
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("scope")) as made:
        prepare_database(fresh_database)
        made.send([firm(FIRM, unit_code=FIRM_CODE), firm(OTHER, unit_code=OTHER_CODE)])
        yield made


@pytest.fixture(scope="module")
def url(kit: Kit) -> Iterator[str]:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home):
        yield url


@pytest.fixture(scope="module")
def mine(kit: Kit, url: str) -> Http:
    """Of a key for the union CD-1 and one enterprise."""
    return Http(url, make_key(kit.dsn, **SCOPE)[1])


@pytest.fixture(scope="module")
def theirs(kit: Kit, url: str) -> Http:
    """Of a key for everybody."""
    return Http(url, make_key(kit.dsn)[1])


def firm(code: str, **more: str) -> Row:
    return {"tax_code": code, "name": "Công ty", "effective_on": "2026-01-01", "registered_on": "2026-01-01"} | more


def union(code: str, firms: str, on: str = "2026-01-01") -> Row:
    return {"union_code": code, "name": "CĐCS", "tax_codes": firms, "effective_on": on}


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def as_file(*rows: Row) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def zipped(*files: bytes) -> bytes:
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as packed:
        for number, one in enumerate(files):
            packed.writestr(f"{number}.csv", one)
    return text.getvalue()


def outcome(http: Http, answer: Any) -> str:
    """``taken``, or why not."""
    if answer.status_code != 202:
        return str(answer.json()["code"])
    receipt = http.receipt(answer)
    if receipt["refused"]:
        assert receipt["accepted"] == 0
        return str(receipt["dossiers"][0]["refused"][0]["reason"])
    return "taken"


def outcomes(kit: Kit, http: Http, feed: str, row: Row, unit: str, replaces: str = "") -> dict[str, str]:
    """As JSON, where the feed is taken so, and as a file. What is not taken brings nothing onto the log."""
    kit.log.restart()
    found = {}
    said = {"unit": unit, "replaces": replaces}
    if feed in ("members", "rosters", "d02"):
        body = {"rows": [row]} | {name: value for name, value in said.items() if value}
        found["json"] = outcome(http, http.post(f"{feed}/batch", body))
    headers = {f"mobility_{name}": value for name, value in said.items() if value}
    found["file"] = outcome(http, http.post("files", as_file(row), **headers))
    if "taken" not in found.values():
        assert kit.log.read(MOVEMENTS_IN) == []
        assert kit.log.read(REGISTRY_IN) == []
    return found


UNITS = ("", "x", "CD-1", FIRM, FIRM_CODE, OTHER)
FOREIGN = {
    "members": member(1, "CD-2"),
    "enterprises": firm(OTHER, dissolved_on="2026-06-01"),
    "heirs": firm(FIRM, dissolved_on="2026-06-01", successor_tax_code=OTHER),
    "unions": union("CD-2", FIRM),
    "covering": union("CD-1", f"{FIRM};{OTHER}"),
    "d02": movement(1, 2, OTHER, dossier_no="HS-F"),
    "rosters": listed(3, OTHER, complete="no"),
    "d02 by code": without(movement(1, 4, unit_code=OTHER_CODE, dossier_no="HS-F"), "tax_code"),
    "rosters by code": without(listed(5, complete="no") | {"unit_code": OTHER_CODE}, "tax_code"),
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("what", FOREIGN)
def test_no_unit_of_a_post_lets_a_foreign_row_in(kit: Kit, mine: Http, what: str, unit: str) -> None:
    feed = what.partition(" ")[0]
    placed = feed in ("d02", "rosters")
    unknown = placed and unit in ("x", "CD-1")  # no unit of an enterprise: the file is refused as anybody's is
    wanted = "bad-unit" if unknown else "outside-scope"
    assert set(outcomes(kit, mine, feed, FOREIGN[what], unit).values()) == {wanted}


OWN = [
    ("members", member(11), "x"),
    ("members", without(member(12), "union_code"), "CD-1"),
    ("enterprises", firm(FIRM, effective_on="2026-02-01"), "x"),
    ("unions", union("CD-1", FIRM), "x"),
    ("d02", without(movement(1, 13, dossier_no="HS-1"), "tax_code"), FIRM),
    ("d02", without(movement(1, 14, dossier_no="HS-2"), "tax_code"), FIRM_CODE),
    ("d02", movement(1, 15, dossier_no="HS-3"), FIRM),
    ("rosters", without(listed(16, complete="no"), "tax_code"), FIRM),
]


@pytest.mark.parametrize(("feed", "row", "unit"), OWN)
def test_own_rows_are_taken_whatever_unit_the_post_states_besides(
    kit: Kit, mine: Http, feed: str, row: Row, unit: str
) -> None:
    assert set(outcomes(kit, mine, feed, row, unit).values()) == {"taken"}


@pytest.mark.parametrize(
    ("feed", "row", "unit"),
    [
        ("members", without(member(21), "union_code"), "CD-2"),
        ("members", without(member(21), "union_code"), "x"),
        ("members", without(member(21), "union_code"), FIRM),
        ("d02", without(movement(1, 22, dossier_no="HS-4"), "tax_code"), OTHER),
        ("d02", without(movement(1, 22, dossier_no="HS-4"), "tax_code"), OTHER_CODE),
        ("rosters", without(listed(23, complete="no"), "tax_code"), OTHER),
    ],
)
def test_a_unit_stated_for_all_rows_is_theirs(kit: Kit, mine: Http, feed: str, row: Row, unit: str) -> None:
    assert set(outcomes(kit, mine, feed, row, unit).values()) == {"outside-scope"}


@pytest.mark.parametrize("unit", ["", "x", "CD-1"])
def test_no_unit_lets_a_citation_or_a_replacement_reach_further(kit: Kit, mine: Http, theirs: Http, unit: str) -> None:
    stated = theirs.receipt(theirs.post("members", member(31, "CD-2", on=f"2026-08-0{len(unit) + 1}")))
    dossier = stated["dossiers"][0]["dossier"]
    cancel = dict.fromkeys(member(31), "") | {"action": "cancel", "cites": f"{dossier}:1@1"}
    assert set(outcomes(kit, mine, "members", cancel, unit).values()) == {"outside-scope"}
    assert set(outcomes(kit, mine, "members", member(32), unit, dossier).values()) == {"outside-scope"}


def test_a_replaced_file_means_every_file_that_it_replaced(kit: Kit, mine: Http, theirs: Http) -> None:
    """What a file restates stays under the file that stated it first, and goes with it."""
    rows = [member(41, "CD-2"), member(42, "CD-1")]
    first = theirs.receipt(theirs.post("members/batch", {"rows": rows}))["dossiers"][0]["dossier"]
    again = {"rows": [*rows, member(43, "CD-1")], "replaces": first}
    second = theirs.receipt(theirs.post("members/batch", again))["dossiers"][0]["dossier"]
    assert set(outcomes(kit, mine, "members", member(44), "", second).values()) == {"outside-scope"}


def test_the_dossier_numbers_of_others_are_as_unknown_as_those_of_nobody(kit: Kit, mine: Http, theirs: Http) -> None:
    theirs.receipt(theirs.post("d02/batch", {"rows": [movement(1, 45, OTHER, dossier_no="HS-T")]}))

    def told(replaces: str, **row: str) -> Any:
        body = {"rows": [movement(1, 46, FIRM, dossier_no="HS-M") | row], "replaces": replaces}
        dossiers = mine.receipt(mine.post("d02/batch", body))["dossiers"]
        return [(one["vi"].replace(replaces, ""), one["en"].replace(replaces, "")) for one in dossiers[0]["refused"]]

    for row in ({}, {"movement_code": "GX"}, {"from_month": "13/2026"}):
        assert told("HS-T", **row) == told("HS-U", **row)
    assert "under this dossier for any unit of the file" in told("HS-T")[0][1]
    assert OTHER not in str(told("HS-T"))


def test_a_unit_code_is_not_taken_from_its_enterprise(kit: Kit, mine: Http) -> None:
    taken = firm(FIRM, unit_code=OTHER_CODE, effective_on="2026-03-01")
    assert outcomes(kit, mine, "enterprises", taken, "") == {"file": "outside-scope"}


def test_a_file_in_a_zip_is_not_overlooked_beside_one_that_cannot_be_read(kit: Kit, mine: Http) -> None:
    foreign = as_file(member(51, "CD-2"))
    for others in ([b"nonsense\n1\n"], [b"PK\x03\x04", as_file(member(52))]):
        kit.log.restart()
        assert outcome(mine, mine.post("files", zipped(*others, foreign))) == "outside-scope"
        assert kit.log.read(MOVEMENTS_IN) == []


def test_a_zip_of_which_a_part_cannot_be_told_whom_it_speaks_for_is_refused_whole(kit: Kit, mine: Http) -> None:
    kit.log.restart()
    body = zipped(as_file(member(61)), as_file(without(movement(1, 62), "tax_code")))
    assert outcome(mine, mine.post("files", body, mobility_unit="x")) == "bad-unit"
    assert kit.log.read(MOVEMENTS_IN) == []


def test_a_header_that_is_sent_twice_is_refused(kit: Kit, mine: Http) -> None:
    url, key = f"{mine.url}/v1/files", ("authorization", f"Bearer {mine.key}")
    for name, values in (
        ("Idempotency-Key", ("a", "b")),
        ("Idempotency-Key", ("a", "a")),
        ("Mobility-Unit", ("", FIRM)),
    ):
        twice = [key, *((name, value) for value in values)]
        answer = mine.client.post(url, content=as_file(member(71)), headers=twice)
        assert (answer.status_code, answer.json()["code"]) == (422, "doubled-header")
        assert name.lower() in answer.json()["en"].lower()
    assert mine.client.post(f"{mine.url}/v1/members", json=member(71), headers=[key]).status_code == 202


def test_two_codes_that_lead_to_two_enterprises_are_told_and_the_tax_code_counts(
    kit: Kit, mine: Http, theirs: Http
) -> None:
    row = movement(1, 81, FIRM, dossier_no="HS-9", unit_code=OTHER_CODE)
    for post in (("d02/batch", {"rows": [row]}), ("files", as_file(row | {"dossier_no": "HS-10"}))):
        (dossier,) = mine.receipt(mine.post(*post))["dossiers"]
        (note,) = dossier["notes"]
        assert note.endswith("than the tax code, counted by the tax code: 1")
    assert outcome(mine, mine.post("d02", row | {"tax_code": OTHER, "unit_code": FIRM_CODE})) == "outside-scope"
    agreeing = row | {"unit_code": FIRM_CODE, "dossier_no": "HS-11"}
    assert mine.receipt(mine.post("d02", agreeing))["dossiers"][0]["notes"] == []


def test_an_envelope_speaks_for_its_tax_code_whatever_is_stated_besides(kit: Kit, mine: Http) -> None:
    form = [("D02-TS.xml", d02_xml(workers(1)))]
    for unit in ("", FIRM):
        foreign = envelope(form, tax_code=OTHER, unit_code=FIRM_CODE)
        headers = {"mobility_unit": unit, "mobility_dossier": "HS-12"}
        assert outcome(mine, mine.post("files", foreign, **headers)) == "outside-scope"
    own = envelope(form, tax_code=FIRM, unit_code=OTHER_CODE)
    (dossier,) = mine.receipt(mine.post("files", own, mobility_dossier="HS-12"))["dossiers"]
    assert (dossier["accepted"], dossier["refused"]) == (1, [])
    assert [note for note in dossier["notes"] if "unit code" in note] == [TWO_UNITS]


def test_a_unit_code_that_moved_lets_nobody_withdraw_a_line_of_who_had_it_before(
    kit: Kit, mine: Http, theirs: Http
) -> None:
    def moved(code: str, before: str, since: str) -> None:
        """A code that ``since`` has from June on; a line of February, under it, and so of ``before``."""
        for who, since_when in ((before, "2026-01-15"), (since, "2026-06-15")):
            assert kit.send([firm(who, unit_code=code, effective_on=since_when)]).accepted == 1
        kit.send(
            [without(movement(1, 91, dossier_no=f"HS-{code}", from_month="02/2026"), "tax_code") | {"unit_code": code}]
        )

    def cancelling(code: str, month: str) -> Row:
        row = dict.fromkeys(movement(1, 91), "") | {"unit_code": code, "dossier_no": "HS-13", "line": "1"}
        return without(row, "tax_code") | {"from_month": month, "action": "cancel", "cites": f"HS-{code}:1"}

    moved("TA0003A", OTHER, FIRM)
    moved("TA0004A", FIRM, OTHER)
    for month in ("", "02/2026", "07/2026"):
        assert set(outcomes(kit, mine, "d02", cancelling("TA0003A", month), "").values()) == {"outside-scope"}
        assert set(outcomes(kit, mine, "d02", cancelling("TA0004A", month), "").values()) == {"taken"}
