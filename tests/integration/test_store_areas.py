"""Areas are dated data: a code is read in the scheme of its day, and what is not certain is unassigned (rule 15)."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consumers.store import areas
from tests.integration import store_records as make
from tests.integration.store_kit import Kit, kit
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

SHIPPED = Path(__file__).parents[2] / "schemas" / "areas"
A, B, C, D = (f"e020000000{n}" for n in range(1, 5))
TODAY = date(2026, 4, 1)
LATE, EARLY = "2026-03-01T00:00:00Z", "2025-03-01T00:00:00Z"


def rows(name: str) -> list[dict[str, str]]:
    with (SHIPPED / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def sure_links() -> dict[str, set[str]]:
    """Old ward -> new wards, of the pairs that the statistics office confirms."""
    found: dict[str, set[str]] = {}
    for row in rows("haiphong_crosswalk.csv"):
        if row["pair_in_nso_table"] == "1" and row["old_ward_code"]:
            found.setdefault(row["old_ward_code"], set()).add(row["new_ward_code"])
    return found


def described(unit: str, day: str, at: str, **fields: str) -> Any:
    return make.mark(unit, "described", day, at=at, detail=fields)


def area_of(kit: Kit, unit: str, boundaries: str, valid_at: date = TODAY) -> str | None:
    query = "select area from store.areas_then(%s, %s, 'infinity', null) where unit = %s"
    ((found,),) = kit.rows(query, boundaries, valid_at, unit)
    return None if found is None else str(found)


def test_the_shipped_areas_are_those_of_the_files(kit: Kit) -> None:
    counted = kit.rows("select scheme, level, count(*) from store.areas group by 1, 2 order by 1, 2")
    assert counted == [
        ("2025", "province", 1),
        ("2025", "ward", 114),
        ("before-2025", "district", 27),
        ("before-2025", "province", 2),
        ("before-2025", "ward", 374),
        ("parks", "park", 7),
        ("union-groups", "group", 2),
    ]
    assert kit.rows("select count(*) from store.area_links") == [(450,)]  # and Bạch Long Vĩ, without wards before
    assert areas.load_shipped(kit.dsn) == []
    with kit.connect() as line:
        then = areas.listed(line, date(2025, 6, 30))
        assert {row["boundaries"] for row in then} == {"before-2025", "parks", "union-groups"}
        assert len(areas.listed(line, date(2025, 7, 1), "2025")) == 115
        (province,) = (
            row for row in areas.listed(line) if row["code"] == "10525" and row["boundaries"] == "before-2025"
        )
        assert province["province"] == "30"


def test_every_old_ward_leads_to_its_new_one_or_to_none_if_it_was_split(kit: Kit) -> None:
    query = "select code, area from store.area_readings where read_as = 'before-2025' and boundaries = '2025'"
    found = dict(kit.rows(query))
    links = sure_links()
    assert len(found) == 374
    for code, area in found.items():
        new = links[code]
        assert area == (next(iter(new)) if len(new) == 1 else None), code
    back: dict[str, set[str]] = {}
    for old, news in links.items():
        for new_code in news:
            back.setdefault(new_code, set()).add(old)
    query = "select code, area from store.area_readings where read_as = '2025' and boundaries = 'before-2025'"
    for code, area in kit.rows(query):
        assert area == (next(iter(back[code])) if len(back.get(code, ())) == 1 else None), code


def test_a_code_is_read_in_the_scheme_of_its_day(kit: Kit) -> None:
    """10525 was Phường Trần Hưng Đạo before, and is Phường Hải Dương since, with another extent."""
    links = sure_links()
    (became,) = links["10507"]
    split = next(code for code, new in links.items() if len(new) > 1)
    kit.start()
    kit.take(
        [
            *make.ticks(str(TODAY)),
            described(A, "2025-01-01", EARLY, area_code="10507"),
            described(B, "2026-01-01", LATE, area_code="10525"),
            described(C, "2025-01-01", EARLY, area_code=split),
            described(D, "2026-01-01", LATE, name="no area"),
        ]
    )
    assert (area_of(kit, A, "before-2025"), area_of(kit, A, "2025")) == ("10507", became)
    assert (area_of(kit, B, "2025"), area_of(kit, B, "before-2025")) == ("10525", None)
    assert (area_of(kit, C, "before-2025"), area_of(kit, C, "2025")) == (split, None)
    assert [area_of(kit, D, one) for one in areas.BOUNDARIES] == [None] * 4
    assert area_of(kit, B, "union-groups") == "hai-duong"
    assert area_of(kit, C, "union-groups") is None


def test_a_row_that_came_in_later_is_assigned_only_where_both_readings_agree(kit: Kit) -> None:
    links = sure_links()
    new = {row["code"] for row in rows("haiphong_areas.csv") if row["scheme"] == "new" and row["level"] == "ward"}
    agree = next(code for code in sorted(new & set(links)) if links[code] == {code})
    differ = next(code for code in sorted(new & set(links)) if links[code] != {code})
    kit.start()
    kit.take(
        [
            *make.ticks(str(TODAY)),
            described(A, "2015-01-01", LATE, area_code=agree),
            described(B, "2015-01-01", LATE, area_code=differ),
        ]
    )
    assert (area_of(kit, A, "2025"), area_of(kit, A, "before-2025")) == (agree, None)
    assert area_of(kit, B, "2025") is None


def test_an_enterprise_is_where_it_was_on_the_day(kit: Kit) -> None:
    kit.start()
    kit.take(
        [
            *make.ticks(str(TODAY)),
            described(A, "2025-08-01", LATE, area_code="10507", name="Một"),
            described(A, "2026-02-01", LATE, area_code="10532"),
            make.effect(A, "an", "2025-09-01"),
        ]
    )
    assert area_of(kit, A, "2025", date(2026, 1, 31)) == "10507"
    assert area_of(kit, A, "2025", date(2026, 2, 1)) == "10532"


def test_figures_of_areas_say_what_percentages_are_made_of(kit: Kit) -> None:
    stated = {"area_code": "10507", "park": "VSIP-HP", "eligible_agreement": "yes", "eligible_party": "yes"}
    work = [make.effect(A, f"p{n}", "2026-01-01", (1, 1, int(n < 5))) for n in range(20)]
    kit.start()
    kit.take(
        [
            *make.ticks(str(TODAY)),
            described(A, "2026-01-01", LATE, **stated),
            make.mark(A, "agreement", "2026-01-01", key="TU1"),
            described(B, "2026-01-01", LATE, **(stated | {"eligible_party": ""})),
            make.effect(B, "q", "2026-01-01"),
            *work,
            make.effect(C, "r", "2026-01-01"),
            make.mark(C, "dissolved", "2026-02-01"),
            make.effect(D, "s", "2026-01-01"),
        ]
    )
    with kit.connect() as line:
        here, nowhere = areas.by_area(line, "2025", valid_at=TODAY)
        assert (here["area"], here["name"], here["enterprises"], here["workers"]) == (
            "10507",
            "Phường Thành Đông",
            2,
            21,
        )
        assert here["density"] == {"numerator": 5, "denominator": 21, "percent": 23.8}
        assert here["coverage"] == {"numerator": 0, "denominator": 1, "percent": 0.0}
        assert here["agreement"] == {"numerator": 1, "denominator": 2, "percent": 50.0, "eligible": 2, "unknown": 0}
        assert here["party"] == {"numerator": 0, "denominator": None, "percent": None, "eligible": 1, "unknown": 1}
        assert (nowhere["area"], nowhere["enterprises"], nowhere["workers"]) == (None, 1, 1)
        assert nowhere["coverage"]["percent"] is None
        parks = areas.by_area(line, "parks", valid_at=TODAY)
        assert [(row["area"], row["name"], row["workers"]) for row in parks] == [
            ("VSIP-HP", "Khu công nghiệp VSIP Hải Phòng", 21),
            (None, "", 1),
        ]
        before = areas.by_area(line, "2025", valid_at=date(2025, 12, 31))
        assert sum(row["workers"] for row in before) == 0


def test_another_province_is_loaded_and_restated(kit: Kit, tmp_path: Path) -> None:
    header = "scheme,level,code,name,unit_type,parent_code,parent_name,valid_from,valid_to"
    file = tmp_path / "vietnam.csv"
    file.write_text(
        f"{header}\nnew,province,22,Quảng Ninh,Tỉnh,,,2025-07-01,\nnew,ward,06652,Phường Hà Tu,Phường,22,,2025-07-01,\n"
        "new,province,01,Hà Nội,Thành phố,,,2025-07-01,\nnew,ward,00004,Phường Ba Đình,Phường,01,,2025-07-01,\n",
        encoding="utf-8",
    )
    with kit.connect() as line:
        assert areas.load(line, areas.read_path(file, ["22"]))["areas"] == 2
        assert {row["province"] for row in areas.listed(line, scheme="2025")} == {"31", "22"}
        groups = areas.read("g.csv", "group_code,group_name,ward_code\nkcn,Cụm một,10507\n")
        areas.load(line, groups)
    assert kit.rows("select grouping from store.area_members where ward = '10507'") == [("kcn",)]
    with pytest.raises(areas.AreaFileError, match=r"x\.csv, line 1"):
        areas.read("x.csv", "a,b\n1,2\n")
    with pytest.raises(areas.AreaFileError, match=r"x\.csv, line 2: .*is no day"):
        areas.read("x.csv", f"{header}\nnew,ward,1,Một,,31,,01/07/2025,\n")
