"""Pairs that may be one person are suggested with the reason, and nothing else is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.members import duplicates
from producers.members.duplicates_near import NEIGHBOURHOODS, near
from tests.integration.intake_kit import Kit, declared, person
from tests.integration.person_kit import empty_kit, id_of, merge

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def suggested(kit: Kit) -> dict[frozenset[str], tuple[str, ...]]:
    found = duplicates.suggestions(kit.db, kit.intake.keys, who="clerk", why="looking")
    return {frozenset((one.one, one.other)): one.reasons for one in found}


def row(line: int, name: str, insurance: str = "", personal: str = "", birth: str = "", **more: str) -> dict[str, str]:
    return declared(line, line, "TM") | {
        "full_name": name, "insurance_number": insurance, "personal_number": personal, "birth_date": birth,
    } | more  # fmt: skip


def test_near_numbers() -> None:
    assert near("0123456789", "0123456780") == "one-digit-off"
    assert near("0123456789", "0123456798") == "digits-swapped"
    assert near("0123456789", "1023456789") == "digits-swapped"
    assert near("0123456789", "0123456789") == ""
    assert near("0123456789", "9123456780") == ""
    assert near("0123456789", "012345678") == ""


@pytest.mark.parametrize("place", range(11))
def test_every_swap_and_every_digit_shares_a_key(place: int) -> None:
    number = "031285647190"
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    for another in (swapped, other):
        assert any(key(number) == key(another) for key in NEIGHBOURHOODS)


def test_pairs_with_their_reasons_and_no_others(kit: Kit) -> None:
    rows = [
        row(1, "Trần Thị Hoà", "7900000001", birth="05/03/1985"),
        row(2, "TRẦN THỊ HÒA", "7955555555", birth="1985-03-05"),
        row(3, "Lê Văn Tám", personal="031185000123"),
        row(4, "Lê Văn Tám", personal="031185000132"),
        row(5, "Lê Văn Tám", personal="031185000124"),
        row(6, "Vũ Thị Chín", personal="031185000125"),
        row(7, "Đỗ An", personal="031423456", birth="01/02/1960"),
        row(8, "Đỗ An", personal="031060000001", birth="01/02/1960"),
        row(9, "Bùi Mai", "7900000900", card_number="C1"),
        row(10, "Bùi Thị Mai", "7944444444", card_number="C1"),
        row(11, "Trần Thị Hoà", "7933333333", birth="05/03/1986"),
    ]
    kit.send(rows)
    ids = {n: id_of(kit, one["insurance_number"] or one["personal_number"]) for n, one in enumerate(rows, 1)}
    # D02 has no card column: a clerk's file of members has.
    kit.send(
        [
            {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02", "insurance_number": number,
             "full_name": name, "card_number": "C1"}
            for number, name in (("7900000900", "Bùi Mai"), ("7944444444", "Bùi Thị Mai"))
        ]
    )  # fmt: skip
    expected = {
        frozenset((ids[1], ids[2])): ("same-name-and-birth",),
        frozenset((ids[3], ids[4])): ("digits-swapped",),
        frozenset((ids[3], ids[5])): ("one-digit-off",),
        frozenset((ids[7], ids[8])): ("old-card-same-birth",),
        frozenset((ids[9], ids[10])): ("same-card",),
    }
    assert suggested(kit) == expected
    assert kit.db.execute("select count(*) from vault.merges").fetchone() == (0,), "suggested, never merged"
    duplicates.keep_apart(kit.db, ids[2], ids[1], who="clerk")
    merge(kit, ids[7], ids[8])
    left = suggested(kit)
    assert left.keys() == expected.keys() - {frozenset((ids[1], ids[2])), frozenset((ids[7], ids[8]))}
    read = kit.db.execute("select rows from vault.reads where what = 'duplicates' order by read_at").fetchall()
    assert read == [(11,), (10,)]
    assert person(1)["full_name"] not in str(left)
