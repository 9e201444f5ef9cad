"""From files to the log, on a real Kafka and a real PostgreSQL."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.partitioner.default import murmur2

from deploy.local import Endpoints
from producers.quarantine import held_counts, held_rows
from producers.vault.identifiers import Identifier
from producers.vault.reading import find_person, read_codes, read_person
from schemas.envelope import CloudEvent
from schemas.ids import line_fact_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.states import Receipt
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN
from tests.integration.intake_kit import (
    FIRM,
    OTHER,
    PARTITIONS,
    THIRD,
    Kit,
    counts,
    declared,
    listed,
    person,
    reasons,
)

pytestmark = pytest.mark.services

SCHEMA_TABLES = (
    "select table_schema || '.' || table_name from information_schema.tables where table_schema in ('vault', 'intake')"
)


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    import psycopg

    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def test_migrations_make_exactly_these_tables_and_are_recorded(kit: Kit) -> None:
    tables = {row[0] for row in kit.db.execute(SCHEMA_TABLES)}
    assert tables == {
        *("vault.migrations", "vault.persons", "vault.aliases", "vault.codes", "vault.keyring", "vault.reads"),
        *("vault.versions", "vault.positions", "vault.merges", "vault.distinct_pairs", "vault.erasures"),
        *("intake.migrations", "intake.batches", "intake.known_files", "intake.facts", "intake.undo"),
        *("intake.unit_codes", "intake.areas"),
        *("intake.dossier_aliases", "intake.corrections", "intake.quarantine", "intake.quarantine_log"),
        *("intake.api_keys", "intake.posts", "intake.post_log"),
    }
    assert kit.db.execute("select number from vault.migrations").fetchall() == [(1,), (3,), (9,)]
    numbers = [row[0] for row in kit.db.execute("select number from intake.migrations order by number")]
    assert numbers == [2, 4, 5, 6, 7, 8, 10, 11]


def test_good_rows_go_out_with_their_receipt_and_the_bad_row_stays(kit: Kit) -> None:
    rows = [declared(1, 1, "TM"), declared(2, 2, "GX"), declared(3, 3, "TS"), declared(4, 4, "GH", "")]
    receipt = kit.send(rows)
    assert counts(receipt) == (2, 0, 2)
    assert reasons(receipt) == [("2", "unknown-movement-code"), ("4", "missing-month")]
    assert receipt.refused[0].field == "movement_code"
    assert '"GX"' in receipt.refused[0].message
    records = kit.log.read()
    facts = [record for record in records if record.topic == MOVEMENTS_IN]
    assert {record.data["fact"] for record in facts} == {
        line_fact_id("bhxh", "e" + FIRM, "HS-1", "D02", line) for line in ("1", "3")
    }
    for record in facts:
        event = CloudEvent[PersonFact].model_validate_json(record.raw)
        assert event.id == f"{event.data.fact}@1"
        assert (event.source, event.subject) == ("/feeds/bhxh", record.key)
        assert event.type == f"vn.union-mobility.person.{event.data.change}.v1"
        assert record.partition == (murmur2(record.key.encode()) & 0x7FFFFFFF) % PARTITIONS
    (said,) = [record for record in records if record.topic == RECEIPTS]
    assert CloudEvent[Receipt].model_validate_json(said.raw).data == receipt
    assert (said.key, said.event["id"]) == ("HS-1", receipt.batch)


def test_nothing_of_a_person_is_in_any_record(kit: Kit) -> None:
    moved = declared(5, 5, "Trần Thị Số5") | {"from_month": person(5)["personal_number"]}
    counted = declared(6, 6, "TM") | {"line": person(6)["personal_number"]}
    kit.send([declared(1, 1, "TM"), declared(2, 2, "OF"), moved, counted])
    kit.send([listed(7), listed(8, since="99/2025")])
    kit.send([{"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)])
    seen = b"".join(record.raw + record.key.encode() for record in kit.log.read())
    for number in range(1, 9):
        for value in person(number).values():
            assert value.encode() not in seen
    assert b'"OF"' not in seen
    assert b'"absent"' in seen


def test_a_file_sent_again_changes_nothing_and_publishes_nothing(kit: Kit) -> None:
    path = kit.file([declared(1, 1, "TM"), declared(2, 2, "GX")])
    kit.ingest(path)
    held = held_counts(kit.db)
    kit.log.restart()
    (again,) = kit.ingest(path)
    assert counts(again) == (0, 1, 1)
    assert kit.log.read() == []
    assert held_counts(kit.db) == held == {"unknown-movement-code": 1}


def test_every_register_becomes_facts_that_its_model_takes(kit: Kit) -> None:
    firm = {"tax_code": FIRM, "unit_code": "TA0001A", "name": "Công ty Một", "ownership": "foreign"}
    firm |= {"area_code": "10507", "eligible_agreement": "yes", "registered_on": "2001-02-03"}
    end = {"tax_code": OTHER, "name": "Hai", "registered_on": "01/01/2010", "dissolved_on": "2026-09-30"}
    end |= {"successor_tax_code": f"{FIRM};{THIRD}"}
    assert counts(kit.send([firm, end])) == (2, 0, 0)
    union = {"union_code": "CD1", "name": "CĐCS", "tax_codes": f"{FIRM}; {FIRM}-001", "founded_on": "2020-05-01"}
    assert counts(kit.send([union, {"union_code": "CD2", "dissolved_on": "2026-01-01"}])) == (2, 0, 0)
    agreement = {"agreement_code": "TU1", "tax_codes": FIRM, "signed_on": "2026-01-01", "ends_on": "2028-12-31"}
    assert reasons(kit.send([agreement])) == []
    party = {"organisation_code": "CB1", "tax_codes": FIRM, "founded_on": "2026-01-01", "ended_on": "2026-08-01"}
    assert counts(kit.send([party])) == (1, 0, 0)
    facts = [CloudEvent[RegistryFact].model_validate_json(record.raw).data for record in kit.log.read(REGISTRY_IN)]
    assert sorted(fact.change.value for fact in facts) == [
        *("agreement_signed", "enterprise_dissolved", "enterprise_stated", "enterprise_stated"),
        *("party_ended", "party_founded", "union_dissolved", "union_stated"),
    ]
    by_change = {fact.change.value: fact for fact in facts}
    assert [place.unit for place in by_change["enterprise_dissolved"].places] == ["e" + FIRM, "e" + THIRD]
    assert [place.branch for place in by_change["union_stated"].places] == ["", f"{FIRM}-001"]


def test_a_later_row_that_only_adds_the_end_of_an_enterprise_is_no_conflict(kit: Kit) -> None:
    firm = {"tax_code": FIRM, "name": "Một", "registered_on": "2001-02-03"}
    kit.send([firm | {"dissolved_on": ""}])
    receipt, news = kit.news([firm | {"dissolved_on": "2026-09-30"}])
    assert counts(receipt) == (1, 0, 0)
    assert [record.data["change"] for record in news] == ["enterprise_dissolved"]


def test_an_enterprise_needs_a_name_on_first_sight_only(kit: Kit) -> None:
    bare = {"tax_code": FIRM, "park": "VSIP", "effective_on": "2026-01-01", "name": ""}
    named = {"tax_code": OTHER, "park": "", "effective_on": "2026-01-01", "name": "Hai"}
    later = {"tax_code": OTHER, "park": "VSIP", "effective_on": "2026-06-01", "name": ""}
    receipt = kit.send([bare, named, later])
    assert counts(receipt) == (2, 0, 1)
    assert receipt.refused[0].reason == "missing-name"


def test_member_register_says_who_joined_left_and_why(kit: Kit) -> None:
    words = ["admitted", "transferred_in", "left", "struck_off", "retired", "died", "suspended", "reinstated"]
    rows = [
        {"union_code": "CD1", "change": word, "effective_on": f"2026-10-{n:02d}"} | person(n)
        for n, word in enumerate(words, 1)
    ]
    receipt, news = kit.news(rows)
    assert counts(receipt) == (8, 0, 0)
    said = {(record.data["change"], record.data.get("reason", "")) for record in news}
    assert said == {
        *(("admitted", ""), ("member_transferred", ""), ("member_left", "left"), ("member_left", "struck_off")),
        *(("member_left", "retired"), ("died", ""), ("suspended", ""), ("reinstated", "")),
    }
    assert {record.data["unit"] for record in news} == {"uCD1"}
    assert {record.data["precision"] for record in news} == {"day"}


def test_both_numbers_lead_to_one_person_and_two_persons_are_never_joined(kit: Kit) -> None:
    one, two = person(1), person(2)
    first, second = declared(1, 1, "TM"), declared(2, 1, "OF") | {"insurance_number": ""}
    third = declared(3, 1, "ON") | {"personal_number": ""}
    other = declared(4, 2, "TM")
    mixed = declared(5, 1, "GH") | {"personal_number": two["personal_number"]}
    receipt, news = kit.news([first, second, third, other, mixed])
    assert reasons(receipt) == [("5", "two-identities")]
    keys = {record.data["line"]: record.key for record in news}
    assert keys["1"] == keys["2"] == keys["3"] != keys["4"]
    number = Identifier("personal", one["personal_number"])
    assert find_person(kit.db, kit.intake.keys, number, who="clerk", why="test") == keys["1"]
    assert kit.db.execute("select count(*) from vault.aliases").fetchone() == (4,)


def test_the_member_record_and_health_codes_open_only_with_a_reason_that_is_logged(kit: Kit) -> None:
    row = declared(1, 1, "TS") | {"job_title": "Thợ may"}
    _, (record,) = kit.news([row])
    assert (record.data["change"], record.data.get("code", "")) == ("absent", "")
    with pytest.raises(ValueError, match="why"):
        read_person(kit.db, kit.intake.keys, record.key, who="clerk", why=" ")
    found = read_person(kit.db, kit.intake.keys, record.key, who="clerk", why="member asked")
    assert found is not None
    assert (found["full_name"], found["job_title"]) == (person(1)["full_name"], "Thợ may")
    assert read_codes(kit.db, kit.intake.keys, record.key, who="doctor", why="audit") == {record.data["fact"]: "TS"}
    log = kit.db.execute("select who, why, what from vault.reads order by read_at").fetchall()
    assert log == [("clerk", "member asked", "person"), ("doctor", "audit", "codes")]
    stored = kit.db.execute("select string_agg(p::text, '') from vault.persons p").fetchone()
    assert stored
    assert person(1)["full_name"] not in stored[0]


def test_quarantine_keeps_the_row_sealed_and_every_look_is_logged(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "GX")])
    (held,) = held_rows(kit.db, kit.intake.keys, who="clerk", why="correct it", dossier="HS-1")
    assert (held.line, held.reason, held.values["full_name"]) == ("2", "unknown-movement-code", person(2)["full_name"])
    clear = kit.db.execute("select (to_jsonb(q) - 'sealed')::text from intake.quarantine q").fetchone()
    assert clear
    assert not any(value in clear[0] for value in person(2).values())
    assert kit.db.execute("select what, rows from vault.reads").fetchall() == [("quarantine", 1)]


def test_a_cut_file_leaves_no_trace_and_the_others_go_on(kit: Kit) -> None:
    good = kit.file([declared(1, 1, "TM")])
    cut = kit.file([declared(n, 100 + n, "TM", dossier_no="HS-CUT") for n in range(1, 9000)])
    cut.write_bytes(cut.read_bytes()[:-20])
    after = kit.file([declared(1, 2, "TM", dossier_no="HS-2")])
    receipts = kit.ingest(good, cut, after)
    assert [counts(receipt) for receipt in receipts] == [(1, 0, 0), (0, 0, 1), (1, 0, 0)]
    assert receipts[1].refused[0].field == "file"
    assert cut.name in receipts[1].refused[0].message
    assert {record.data["dossier"] for record in kit.log.read()} == {"HS-1", "HS-2"}
    assert kit.db.execute("select count(*) from vault.persons").fetchone() == (2,)
    assert kit.db.execute("select count(*) from intake.facts").fetchone() == (2,)


def test_files_of_a_zip_stand_alone(kit: Kit, tmp_path: Path) -> None:
    good, bad = kit.file([declared(1, 1, "TM")]), tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    packed = tmp_path / "both.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(bad, "1-bad.csv")
        archive.write(good, "2-good.csv")
    receipts = kit.ingest(packed)
    assert [counts(receipt) for receipt in receipts] == [(0, 0, 1), (1, 0, 0)]
    assert [receipt.file for receipt in receipts] == ["both.zip/1-bad.csv", "both.zip/2-good.csv"]


def test_a_file_that_names_no_unit_or_no_dossier_says_what_to_add(kit: Kit) -> None:
    bare = declared(1, 1, "TM", tax_code="")
    receipt = kit.send([bare])
    assert (receipt.refused[0].field, receipt.refused[0].reason) == ("file", "missing-unit")
    assert "--unit" in receipt.refused[0].message
    assert counts(kit.send([bare], unit=FIRM)) == (1, 0, 0)
    receipt = kit.send([declared(1, 1, "TM", dossier_no="")])
    assert receipt.refused[0].reason == "missing-dossier"
    assert "--dossier" in receipt.refused[0].message
    assert kit.send([declared(1, 1, "TM", dossier_no="")], dossier="HS-9").dossier == "HS-9"


def test_a_unit_code_leads_to_its_enterprise_once_the_register_says_so(kit: Kit) -> None:
    row = declared(1, 1, "TM", tax_code="", unit_code="TA0001A")
    receipt = kit.send([row, declared(2, 2, "TM")])
    assert reasons(receipt) == [("1", "unknown-unit-code")]
    assert "--unit" in receipt.refused[0].message
    kit.send([{"tax_code": f"{OTHER}-002", "unit_code": "TA0001A", "name": "Hai", "effective_on": "2020-01-01"}])
    receipt, (record,) = kit.news([row])
    assert (record.data["unit"], record.data["branch"]) == ("e" + OTHER, f"{OTHER}-002")


def test_several_dossiers_in_one_file_get_a_receipt_each(kit: Kit) -> None:
    rows = [declared(n, n, "TM", dossier_no=f"HS-{n % 3}") for n in range(1, 10)]
    receipts = kit.ingest(kit.file(rows))
    assert {receipt.dossier: counts(receipt) for receipt in receipts} == {f"HS-{n}": (3, 0, 0) for n in range(3)}
    assert {record.key for record in kit.log.read(RECEIPTS)} == {"HS-0", "HS-1", "HS-2"}
