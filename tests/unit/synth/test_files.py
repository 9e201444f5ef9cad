"""The generated folder: repeatable, in every format, with valid identifiers, and without anybody's real data."""

import csv
import hashlib
import json
import re
import zipfile
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from producers.readers import open_readings
from producers.synth import EXPECTED, SIZES, Expected, files, generate
from producers.synth.identifiers import Citizens, check_digit, tax_codes, unit_code
from tests.unit.synth.replay import valid_tax_code

_TRAPS_AS_TEXT = (
    "absence-without-start already-open bad-personal-number bad-tax-code branch-spell cancelled-start conflict "
    "death fact-after-death fact-under-another-dossier file-sent-twice-csv file-sent-twice-xlsx "
    "file-sent-twice-xml future-row gains-union grows-to-20 leave-before-roster leave-without-start "
    "left-out-of-cover left-while-absent loses-union maternity member-admitted member-died member-left "
    "member-reinstated member-retired member-struck_off member-suspended member-transferred_in "
    "merged-into-successor missing-month month-restated one-of-two-sources-cancelled partial-cover "
    "person-restated public-unit-without-union refused-form register-bad-personal-number register-bad-tax-code "
    "register-sent-twice renamed return return-starts-a-spell short-contract shrinks-to-16 sick "
    "spell-left-at-dissolved split-in-two stale-citation start-before-roster transfer-declared-by-both "
    "transfer-declared-by-receiver transfer-declared-by-union-only two-identities unknown-citation "
    "unknown-code unlisted-by-second-roster unpaid-leave voluntary-insurance wage-row withdrawn "
)
TRAPS = _TRAPS_AS_TEXT.split()
BY_CHANCE = ["dissolved-small", "late-row", "leave-never-declared", "sent-again-after-refusal"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    """A tiny city in its folder."""
    folder = tmp_path_factory.mktemp("tiny")
    return folder, generate(folder, size="tiny", seed=5, start_month="2026-01")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    """The city of the demonstration."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, generate(folder, size="demo", seed=1, start_month="2026-01")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file, the expected answer included."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    tiny: tuple[Path, Expected], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a year later: no clock in any file, workbooks included."""
    folder, _ = tiny
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    generate(tmp_path / "again", size="tiny", seed=5, start_month="2026-01")
    generate(tmp_path / "other", size="tiny", seed=6, start_month="2026-01")
    first, again, other = digests(folder), digests(tmp_path / "again"), digests(tmp_path / "other")
    assert first == again
    assert sum(name.endswith(".xlsx") for name in first) >= 4
    assert not set(first.values()) & set(other.values())


def test_the_answer_on_disk_is_the_answer_returned(tiny: tuple[Path, Expected]) -> None:
    """``expected.json`` holds every field, and files in the order of intake."""
    folder, expected = tiny
    on_disk = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    assert on_disk == json.loads(json.dumps(asdict(expected)))
    assert [count["path"] for count in on_disk["files"]] == [p.relative_to(folder).as_posix() for p in files(folder)]
    assert expected.day == "2026-04-04"


def test_intake_order_is_registers_then_rosters_then_months(demo: tuple[Path, Expected]) -> None:
    """Enterprises before unions before members; the answer is not among the files."""
    folder, _ = demo
    names = [path.relative_to(folder).as_posix() for path in files(folder)]
    stages = [re.match(r"registers/(enterprises|unions|members)|rosters|dossiers/2026-0\d", name) for name in names]
    assert all(stages)
    order = list(dict.fromkeys(stage.group() for stage in stages if stage))
    registers = ["registers/enterprises", "registers/unions", "registers/members"]
    assert order == [*registers, "rosters", *(f"dossiers/2026-0{month}" for month in (1, 2, 3))]
    assert names[:2] == ["registers/enterprises.csv", "registers/enterprises_hai-duong.csv"]


def test_every_trap_is_present_and_lies_where_the_answer_says(
    tiny: tuple[Path, Expected], demo: tuple[Path, Expected]
) -> None:
    """In the tiny city and in the demonstration; what only chance brings, in the latter."""
    for folder, expected in (tiny, demo):
        assert set(TRAPS) <= set(expected.traps)
        for trap in expected.traps.values():
            assert trap.count > 0
            assert not trap.file or (folder / trap.file).is_file()
            assert not trap.tax_code or valid_tax_code(trap.tax_code) or "bad-tax-code" in trap.file or trap.line
    assert {*TRAPS, *BY_CHANCE} == set(demo[1].traps)


def test_dossiers_come_in_the_three_formats(demo: tuple[Path, Expected]) -> None:
    """A few hundred workbooks, envelopes and tables in the demonstration."""
    folder, _ = demo
    kinds = Counter(path.suffix for path in (folder / "dossiers").rglob("*") if path.is_file())
    assert set(kinds) == {".xlsx", ".xml", ".csv"}
    assert all(100 <= number <= 500 for number in kinds.values()), kinds


def test_tables_come_with_and_without_bom_in_both_languages_and_delimiters(demo: tuple[Path, Expected]) -> None:
    """Among registers as among dossiers."""
    folder, _ = demo
    for part in ("registers", "dossiers"):
        heads = [path.read_bytes()[:30] for path in (folder / part).rglob("*.csv")]
        assert 0 < sum(head.startswith(b"\xef\xbb\xbf") for head in heads) < len(heads)
        assert 0 < sum(b";" in head for head in heads) < len(heads)
    west = (folder / "registers" / "enterprises_hai-duong.csv").read_text(encoding="utf-8-sig")
    assert west.startswith("Mã số thuế;Mã đơn vị;Tên doanh nghiệp;")


def test_workbooks_wear_the_template_s_traps(demo: tuple[Path, Expected]) -> None:
    """Sheets and field codes of the layout, formulas without cached values, numbers without zeros, leftover rows."""
    folder, _ = demo
    uncached = numeric = leftover = 0
    for path in sorted((folder / "dossiers" / "2026-01").glob("*.xlsx"))[:20]:
        book = load_workbook(path)
        assert book.sheetnames[0] == "Dữ Liệu"
        assert book.sheetnames[-1] == "Tổng hợp "
        sheet = book["Dữ Liệu"]
        codes = {sheet.cell(3, column).value: column for column in range(1, sheet.max_column + 1)}
        assert (codes["STT"], codes["PA"], codes["TuThang"], codes["CMND"]) == (1, 7, 16, 28)
        assert (sheet["Z3"].value, sheet["AI3"].value, sheet["CD3"].value) == (
            "MavungLTT",
            "DanToc",
            "Maxa_NhanBangiay",
        )
        values = load_workbook(path, data_only=True)["Dữ Liệu"]
        uncached += str(sheet["G4"].value).startswith("=") and values["G4"].value is None
        numeric += any(isinstance(sheet.cell(row, 28).value, int) for row in range(4, sheet.max_row + 1))
        leftover += sheet.cell(sheet.max_row, 2).value is None
    assert uncached and numeric and leftover


def test_zip_entries_carry_no_time(tiny: tuple[Path, Expected]) -> None:
    """Each entry of each workbook is of 1980-01-01."""
    for path in tiny[0].rglob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_tax_code_is_valid_and_every_person_has_numbers_of_their_own(demo: tuple[Path, Expected]) -> None:
    """Check digits by their rule; citizen numbers with the sex and century that fit; no number of two persons."""
    folder, expected = demo
    assert len(expected.enterprises) == 2_000
    assert all(map(valid_tax_code, expected.enterprises))
    persons: dict[str, str] = {}
    for path in (folder / "registers").glob("members-*.csv"):
        with open_readings(path) as readings:
            for row in (row for reading in readings for row in reading.rows):
                personal, insurance = row.values.get("personal_number", ""), row.values.get("insurance_number", "")
                if len(personal) == 12:
                    assert re.fullmatch(r"0\d\d[0-3]\d{8}", personal)
                    assert re.fullmatch(r"\d{10}", insurance)
                    assert persons.setdefault(personal, insurance) == insurance
    assert len(persons) > 40_000
    assert len(set(persons.values())) == len(persons)


def test_numbers_fit_the_person() -> None:
    """Sex and century of the citizen number, 100,000 persons without a repeated number."""
    citizens = Citizens(seed=9)
    seen = set()
    for person in range(100_000):
        number = citizens.personal_number(person)
        year = citizens.birth_year(person)
        assert int(number[3]) == (not citizens.is_male(person)) + (2 if year >= 2000 else 0)
        assert number[4:6] == f"{year % 100:02d}"
        seen |= {number[3:], citizens.insurance_number(person)[2:]}
    assert len(seen) == 200_000


def test_tax_codes_are_distinct_and_check() -> None:
    """Among the first 50,000 of a seed; the rule gives no digit to some nine."""
    codes = tax_codes(seed=3)
    found = [next(codes) for _ in range(50_000)]
    assert len(set(found)) == 50_000
    assert all(map(valid_tax_code, found))
    assert (check_digit("030058856"), check_digit("010124814")) == (9, 1), "two codes of listed companies"
    assert {len(unit_code(number)) for number in (1_300_000, 1_430_000)} == {7}


def test_sizes_ownership_and_turnover_are_roughly_those_of_a_city(demo: tuple[Path, Expected]) -> None:
    """Size bands of the domain notes, 60,000 workers, 41,000 members, 100 to 200 alerts, 3 to 5 % a month each way."""
    folder, expected = demo
    totals = expected.totals
    assert 57_000 <= totals.workers <= 63_000
    assert totals.workers * 0.99 <= totals.persons < totals.workers
    assert 39_000 <= totals.members <= 43_000
    assert 100 <= len(expected.open_alerts) <= 200
    sizes = [one.workers for one in expected.enterprises.values() if one.workers]
    assert 0.40 <= sum(size < 5 for size in sizes) / len(sizes) <= 0.54
    assert 0.21 <= sum(10 <= size < 50 for size in sizes) / len(sizes) <= 0.31
    assert 0.04 <= sum(50 <= size < 200 for size in sizes) / len(sizes) <= 0.08
    assert max(sizes) > 1_000
    kinds: Counter[str] = Counter()
    for path in (folder / "dossiers").rglob("*"):
        if path.is_file() and "gui-lai" not in path.name and "_02." not in path.name:
            with open_readings(path) as readings:
                for row in (row for reading in readings for row in reading.rows):
                    kinds[path.parent.name + row.values["movement_code"][:1]] += 1
    for month in ("2026-01", "2026-02", "2026-03"):
        assert 0.03 <= kinds[f"{month}G"] / totals.workers <= 0.06
        assert 0.02 <= kinds[f"{month}T"] / totals.workers <= 0.07
    assert kinds["2026-02T"] > kinds["2026-01T"] * 1.3, "hiring after Tết"
    ownership: Counter[str] = Counter()
    with (folder / "registers" / "enterprises.csv").open(encoding="utf-8", newline="") as lines:
        ownership.update(row["ownership"] for row in csv.DictReader(lines))
    assert ownership["private"] > ownership["foreign"] > ownership["cooperative"] > 0
    assert ownership["public_unit"] > 0 < ownership["state"]


def test_most_rosters_are_complete_and_some_units_have_none(demo: tuple[Path, Expected]) -> None:
    """The baseline tells how far a unit's count can be trusted."""
    baselines = Counter(one.baseline for one in demo[1].enterprises.values() if one.workers)
    assert baselines["complete"] > 0.9 * baselines.total()
    assert baselines["partial"] > 10
    assert baselines["none"] > 10


def test_area_codes_are_valid_on_the_day_they_are_stated_for(demo: tuple[Path, Expected]) -> None:
    """A new ward's code needs a day since 2025-07-01, an old one's a day before."""
    folder, _ = demo
    with Path("schemas/areas/haiphong_areas.csv").open(encoding="utf-8", newline="") as lines:
        wards = [row for row in csv.DictReader(lines) if row["level"] == "ward"]
    spans = [(row["code"], row["valid_from"] or "0000", row["valid_to"] or "9999") for row in wards]
    valid = {code: [(first, last) for other, first, last in spans if other == code] for code, _, _ in spans}
    for path in sorted((folder / "registers").glob("enterprises*.csv")):
        if "hai-duong" in path.name:
            continue
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                day = row["effective_on"] or row["registered_on"]
                assert any(first <= day <= last for first, last in valid[row["area_code"]]), row


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    """What is done never exceeds all, and the last step is the last."""
    told: list[tuple[str, int, int]] = []
    generate(tmp_path, size="tiny", seed=1, progress=lambda what, done, of: told.append((what, done, of)))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1] == ("expected answer", 6, 6)


def test_what_cannot_be_built_is_refused_with_the_next_step(tmp_path: Path) -> None:
    """Unknown size or month, a folder in use, too small a city."""
    with pytest.raises(ValueError, match='size "huge" is not known: choose one of tiny, small, demo, city, province'):
        generate(tmp_path, size="huge", seed=1)
    for wrong in ("2026-13", "2026", "26-01", "2026-1", "٢٠٢٦-01"):
        with pytest.raises(ValueError, match="write YYYY-MM"):
            generate(tmp_path, size="tiny", seed=1, start_month=wrong)
    (tmp_path / "old.csv").write_text("x")
    with pytest.raises(FileExistsError, match="is not empty: name a new one"):
        generate(tmp_path, size="tiny", seed=1)
    for change in ({"enterprises": 39}, {"active": 41}, {"months": 1}, {"members": 641}):
        with pytest.raises(ValueError, match='city "tiny"'):
            replace(SIZES["tiny"], **change)


def test_a_city_of_free_size_and_month_is_built(tmp_path: Path) -> None:
    """Before the reform of 2025 only old wards are named."""
    size = replace(SIZES["tiny"], name="mine", enterprises=60, active=50, workers=900, members=500, months=4)
    expected = generate(tmp_path, size=size, seed=2, start_month="2024-11")
    assert (expected.size, expected.months, expected.day) == ("mine", 4, "2025-04-04")
    assert len(expected.enterprises) == 60
    assert {path.name for path in (tmp_path / "dossiers").iterdir()} == {"2024-11", "2024-12", "2025-01", "2025-02"}
