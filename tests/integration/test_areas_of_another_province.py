"""Areas that were loaded: the register may state their codes, a key may be bound to them, figures go by them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.store import areas, prepare_database
from deploy.local import Endpoints
from mobility.areas import load
from producers.areas import Areas
from producers.http.asked import KeyRefused
from producers.http.keys import create_key
from tests.integration.intake_kit import FIRM, NOW, Kit, counts, reasons
from tests.integration.person_kit import empty_kit

pytestmark = pytest.mark.services

HANOI = """scheme,level,code,name,unit_type,parent_code,valid_from,valid_to
new,province,01,Thành phố Hà Nội,Thành phố,,2025-07-01,
new,ward,00004,Phường Ba Đình,Phường,01,2025-07-01,
old,ward,00001,Phường Phúc Xá,Phường,01,,2025-06-30
"""
FIRM_OF_HANOI = {"tax_code": FIRM, "name": "Công ty Một", "effective_on": "2026-01-01", "area_code": "00004"}


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        prepare_database(made.dsn)
        yield made


def load_hanoi(kit: Kit) -> None:
    with kit.db.transaction():
        load(kit.db, areas.read("hanoi.csv", HANOI))


def test_a_register_states_its_codes_once_they_are_loaded(kit: Kit) -> None:
    assert reasons(kit.send([FIRM_OF_HANOI])) == [("2", "unknown-area")]
    load_hanoi(kit)
    assert counts(kit.send([FIRM_OF_HANOI])) == (1, 0, 0)
    gone = FIRM_OF_HANOI | {"area_code": "00001"}
    assert reasons(kit.send([gone])) == [("2", "unknown-area")], "valid until 2025-06-30"
    assert counts(kit.send([gone | {"effective_on": "2024-01-01"}])) == (1, 0, 0)
    load_hanoi(kit)
    assert kit.db.execute("select count(*) from intake.areas").fetchone() == (3,), "loaded again: the same"


def test_what_was_shipped_is_known_beside_it_and_lies_where_it_lay(kit: Kit) -> None:
    load_hanoi(kit)
    known = Areas(kit.db)
    assert known.lies_in("00004", frozenset({"01"}))
    assert known.lies_in("10507", frozenset({"31"}))
    assert not known.lies_in("00001", frozenset({"01"})), "no ward of today"
    assert not known.lies_in("00004", frozenset({"31"}))


def test_a_key_is_bound_to_a_loaded_area_alone(kit: Kit) -> None:
    def create() -> None:
        create_key(kit.db, name="x", feeds=["opening-roster"], areas=["00004"], by="test", now=NOW)

    with pytest.raises(KeyRefused, match="00004"):
        create()
    load_hanoi(kit)
    create()
