"""The member record on a real vault: filled by registers, corrected by hand, found, exported; every read is logged."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from deploy.local import Endpoints
from mobility.looks import log_look
from producers.members import editing, exporting, finding, viewing
from producers.members.errors import MemberError, UnknownPerson
from producers.members.holding import Position, checked_id
from tests.integration.intake_kit import NOW, Kit, counts, declared, person
from tests.integration.person_kit import empty_kit, id_of, member, record_of

pytestmark = pytest.mark.services

ONE = person(1)["insurance_number"]
FORM = {
    "birth_date": "05/03/1985", "sex": "Nữ", "card_number": "310000000001", "home_place": "Thái Bình",
    "address": "12 Lê Lợi", "phone": "0912345678", "workplace": "Xưởng 2", "job_title": "Thợ may",
    "decision_no": "12/QĐ",
}  # fmt: skip


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def change(kit: Kit, who: str, **values: str) -> dict[str, list[str]]:
    return editing.edit(kit.db, kit.intake.keys, who, values, who="clerk", why="told by the member", now=NOW)


def seen(kit: Kit, who: str) -> dict[str, object]:
    return viewing.as_json(viewing.view(kit.db, kit.intake.keys, who, who="clerk", why="at the counter"))


def test_a_member_register_fills_the_form_and_nothing_of_it_is_in_clear(kit: Kit) -> None:
    kit.send([member(1, **FORM), member(1, "suspended", "2026-10-20")])
    who = id_of(kit, ONE)
    said = seen(kit, who)
    assert said["record"] == FORM | {"sex": "nữ"} | person(1)
    facts = [(one["change"], one["unit"], one["day"]) for one in said["memberships"]]  # type: ignore[attr-defined]
    assert facts == [("admitted", "uCD1", "2026-10-02"), ("suspended", "uCD1", "2026-10-20")]
    dump = "".join(
        str(kit.db.execute(f"select string_agg(t::text, ' ') from vault.{table} t").fetchone())
        for table in ("persons", "aliases", "versions", "positions")
    )
    for value in (*FORM.values(), *person(1).values()):
        assert value not in dump
        assert value.encode().hex() not in dump


def test_what_a_clerk_sets_no_file_overwrites_and_every_change_is_kept(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM", job_title="Thợ may")])
    who = id_of(kit, ONE)
    assert change(kit, who, full_name="Trần Thị Sổ", phone="0912 345 678") == {
        "full_name": [person(1)["full_name"], "Trần Thị Sổ"],
        "phone": ["", "0912 345 678"],
    }
    assert change(kit, who, full_name="Trần Thị Sổ") == {}
    kit.send([declared(2, 1, "GH", job_title="Tổ trưởng", dossier_no="HS-2")])
    said = seen(kit, who)
    record = said["record"]
    assert isinstance(record, dict)
    assert (record["full_name"], record["job_title"]) == ("Trần Thị Sổ", "Tổ trưởng")
    assert said["set_by_hand"] == ["full_name", "phone"]
    history = [(one["by"], one["why"], sorted(one["changed"])) for one in said["history"]]  # type: ignore[attr-defined]
    assert history == [
        ("clerk", "told by the member", ["full_name", "phone"]),
        ("intake", "HS-2:2", ["job_title"]),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"), ("sex", "?"), ("birth_date", "32/13/1985"), ("personal_number", "12345"),
        ("personal_number", "005185000001"), ("personal_number", ""), ("phone", "call me"), ("full_name", "x" * 300),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_without_being_repeated(kit: Kit, field: str, value: str) -> None:
    kit.send([declared(1, 1, "TM")])
    with pytest.raises(MemberError) as refused:
        change(kit, id_of(kit, ONE), **{field: value})
    assert not value or value not in str(refused.value)


def test_a_new_number_leads_to_the_person_and_one_of_somebody_else_is_refused(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    kit.send([member(2, card_number="C-2")])
    who, other = id_of(kit, ONE), id_of(kit, person(2)["insurance_number"])
    change(kit, who, insurance_number="7911111111", card_number="C-1")
    assert id_of(kit, "7911 111 111") == id_of(kit, ONE) == who
    with pytest.raises(MemberError, match=f"merge {other}"):
        change(kit, who, insurance_number=person(2)["insurance_number"])
    with pytest.raises(MemberError, match=other):
        change(kit, who, card_number="C-2")
    assert counts(kit.send([declared(3, 1, "GH") | {"insurance_number": "7911111111"}])) == (1, 0, 0)
    assert id_of(kit, "7911111111") == who


def test_positions_begin_and_end(kit: Kit) -> None:
    kit.send([member(1)])
    who = id_of(kit, ONE)
    words = {"who": "clerk", "why": "decision 7", "now": NOW}
    chair = Position("CD1", "Chủ tịch", "2024-03-01")
    first = editing.hold_position(kit.db, kit.intake.keys, who, chair, **words)
    ended = Position("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")
    assert editing.hold_position(kit.db, kit.intake.keys, who, ended, **words) == first
    assert record_of(kit, who).positions == {first: ended}
    with pytest.raises(MemberError, match="end"):
        editing.hold_position(kit.db, kit.intake.keys, who, Position("CD1", "Phó", "2024-03-01", "2023-01-01"), **words)
    assert len(seen(kit, who)["history"]) == 2  # type: ignore[arg-type]


def test_found_by_name_and_birth_by_card_and_by_number_each_logged(kit: Kit) -> None:
    kit.send([member(1, **FORM), member(2, birth_date="06/03/1985"), member(3, birth_date="05/03/1985")])
    one, two = id_of(kit, ONE), id_of(kit, person(2)["insurance_number"])
    asked = {"who": "clerk", "why": "counter"}
    db, keys = kit.db, kit.intake.keys
    change(kit, two, full_name=person(1)["full_name"])
    assert sorted(finding.by_name(db, keys, "tran thi so1", "1985", **asked)) == sorted([one, two])
    assert finding.by_name(db, keys, "TRẦN  THỊ SỐ1", "05/03/1985", **asked) == [one]
    assert finding.by_name(db, keys, person(1)["full_name"], "1986", **asked) == []
    assert finding.by_card(db, keys, "310000000001", **asked) == [one]
    with pytest.raises(MemberError):
        finding.by_name(db, keys, "Trần", "", **asked)
    with pytest.raises(MemberError):
        finding.by_number(db, keys, "12", **asked)
    reads = [(one["what"], one["who"], one["why"]) for one in viewing.reads_of(kit.db, one)]
    assert reads.count(("find", "clerk", "counter")) == 2
    with pytest.raises(ValueError, match="why"):
        seen_without_why(kit, one)


def seen_without_why(kit: Kit, who: str) -> None:
    viewing.view(kit.db, kit.intake.keys, who, who="clerk", why=" ")


def test_a_look_at_the_trail_stands_in_the_read_log(kit: Kit) -> None:
    kit.send([member(1)])
    who = id_of(kit, ONE)
    log_look(kit.dsn, UUID(who), who="page:clerk", why="trail on the page")
    last = viewing.reads_of(kit.db, who)[-1]
    assert (last["who"], last["what"], last["why"]) == ("page:clerk", "trail", "trail on the page")


def test_a_name_without_a_year_of_birth_has_no_index(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM") | {"personal_number": ""}, declared(2, 2, "TM")])
    rows = kit.db.execute("select name_index is null, count(*) from vault.persons group by 1 order by 1").fetchall()
    assert rows == [(False, 1), (True, 1)], "the second one's personal number tells the year"


def test_where_number_and_record_disagree_it_is_told_and_not_refused(kit: Kit) -> None:
    assert counts(kit.send([member(1, birth_date="05/03/1986", sex="Nam")])) == (1, 0, 0)
    said = seen(kit, id_of(kit, ONE))
    assert len(said["doubts"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["005185000001", "031485000001", "031299000001"])
def test_twelve_digits_that_are_no_citizen_number_are_refused(kit: Kit, number: str) -> None:
    receipt = kit.send([declared(1, 1, "TM") | {"personal_number": number}])
    assert [(one.field, one.reason) for one in receipt.refused] == [("personal_number", "bad-personal-number")]
    assert number not in receipt.refused[0].message


def test_the_export_has_everything_of_its_person_and_no_address_outside(kit: Kit) -> None:
    kit.send([member(1, **FORM | {"job_title": "</script><b>Thợ"})])
    kit.send([declared(1, 1, "TS")])
    who = id_of(kit, ONE)
    change(kit, who, address="34 Trần Phú")
    view = viewing.view(kit.db, kit.intake.keys, who, who="clerk", why="asked for", what="export")
    page = exporting.as_html(view, now=NOW)
    for value in (person(1)["full_name"], person(1)["personal_number"], "34 Trần Phú", "12 Lê Lợi", "Kết nạp"):
        assert value in page
    assert "http" not in page
    assert "<b>" not in page
    inside = re.search(r'<script type="application/json" id="record">(.*?)</script>', page, re.S)
    assert inside
    assert json.loads(inside[1])["record"]["address"] == "34 Trần Phú"


def test_an_id_that_is_none_is_never_repeated(kit: Kit) -> None:
    with pytest.raises(UnknownPerson) as refused:
        checked_id("031185000001")
    assert "031185000001" not in str(refused.value)
