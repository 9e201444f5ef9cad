"""A folder is taken in by kind: what others refer to comes first, whatever its name."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

import producers.readers.order
from producers.ingest import files_of, passed_over
from producers.readers import FileRefused, open_readings
from producers.synth import EXPECTED, generate
from tests.fixtures import REGISTERS, write_union_list, write_workbook

ORDER = (
    "enterprise-register", "union-register", "agreement-register", "party-register", "member-register",
    "opening-roster",
)  # fmt: skip
D02 = "tax_code,dossier_no,line,insurance_number,movement_code,from_month\n0200123457,HS-1,1,7900000001,TM,10/2026\n"


def test_registers_come_before_what_refers_to_them(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "0.csv").write_text(D02, "utf-8")
    for number, kind in enumerate(reversed(ORDER), 1):
        (tmp_path / "a" / f"{number}.csv").write_text(REGISTERS[kind], "utf-8")
    (tmp_path / "00-broken.csv").write_text("nothing\n", "utf-8")
    (tmp_path / ".hidden.csv").write_text(D02, "utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in files_of([tmp_path])]
    assert found == [*(f"a/{number}.csv" for number in range(6, 0, -1)), "a/0.csv", "00-broken.csv"]


def test_a_synthetic_city_is_taken_in_without_its_own_answer(tmp_path: Path) -> None:
    generate(tmp_path, size="tiny", seed=1)
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "rosters" / EXPECTED).write_text('{"size": 1}', "utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in files_of([tmp_path])]
    assert found[-1] == f"rosters/{EXPECTED}", "no city's answer: it is refused as any other file that is no list"
    assert passed_over([tmp_path]) == [tmp_path / ".DS_Store", tmp_path / EXPECTED]
    assert list(files_of([tmp_path / EXPECTED])) == [tmp_path / EXPECTED], "a file that is named is taken"


def test_links_locks_and_unfinished_files_of_a_folder_are_passed_over_and_named(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "in"
    for place in (outside, folder / "sub"):
        place.mkdir(parents=True)
        (place / "a.csv").write_text(D02, "utf-8")
    for name in ("~$lock.xlsx", "b.csv.part", "c.csv~", ".d.csv"):
        (folder / "sub" / name).write_text(D02, "utf-8")
    links = {"dead.csv": Path("nowhere"), "file.csv": outside / "a.csv", "folder": outside, "loop": Path("..")}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    assert list(files_of([folder])) == [folder / "sub" / "a.csv"]
    left = [path.relative_to(folder).as_posix() for path in passed_over([folder])]
    assert left == [*links, *(f"sub/{name}" for name in (".d.csv", "b.csv.part", "c.csv~", "~$lock.xlsx"))]
    named = [folder / "folder", folder / "file.csv"]
    assert list(files_of(named)) == [folder / "folder" / "a.csv", folder / "file.csv"], "a link that is named is taken"
    assert passed_over(named) == []


def test_files_of_one_kind_keep_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.csv"):
        (tmp_path / name).write_text(D02, "utf-8")
    assert [path.name for path in files_of([tmp_path])] == ["a.csv", "b.csv", "c.csv"]


def test_workbooks_and_zips_are_told_by_what_is_in_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_union_list(tmp_path / "a.xlsx", [["1", "1", "Lê B", "", "1990", "HP", 6, "031185001234", "01/02/2020"]])
    records = list(csv.reader(io.StringIO(REGISTERS["union-register"])))
    write_workbook(tmp_path / "b.xlsx", {"Danh sách": records})
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("x.csv", REGISTERS["enterprise-register"])
    assert [path.name for path in files_of([tmp_path])] == ["c.zip", "b.xlsx", "a.xlsx"]
    monkeypatch.setattr(producers.readers.order, "WORKBOOK_BYTES", 0)
    assert [path.name for path in files_of([tmp_path])] == ["a.xlsx", "b.xlsx", "c.zip"], "too large to be opened twice"


def packed(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_zip_is_taken_in_by_kind_too(tmp_path: Path) -> None:
    files = {"z.csv": D02, "broken.csv": "nothing\n", "y.csv": D02.replace("HS-1", "HS-2")}
    files |= {f"{number}.csv": REGISTERS[kind] for number, kind in enumerate(reversed(ORDER), 1)}
    path = packed(tmp_path / "all.zip", files)

    def names(in_order: bool) -> list[str]:
        found = []
        with open_readings(path, in_order=in_order) as readings:
            while True:
                try:
                    reading = next(readings, None)
                except FileRefused as error:
                    found.append(error.file.partition("/")[2])
                    continue
                if reading is None:
                    return found
                found.append(reading.file.partition("/")[2])
                assert list(reading.rows)

    assert names(in_order=True) == [*(f"{number}.csv" for number in range(6, 0, -1)), "z.csv", "y.csv", "broken.csv"]
    assert names(in_order=False) == list(files)


def test_files_that_are_named_one_by_one_stay_in_their_order(tmp_path: Path) -> None:
    for name, text in (("a.csv", D02), ("b.csv", REGISTERS["enterprise-register"])):
        (tmp_path / name).write_text(text, "utf-8")
    assert [path.name for path in files_of([tmp_path / "a.csv", tmp_path / "b.csv"])] == ["a.csv", "b.csv"]
