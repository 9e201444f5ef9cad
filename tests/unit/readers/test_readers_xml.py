"""The envelope and the bare form."""

import base64
import hashlib
from pathlib import Path

import pytest

from producers.readers import FeedKind, FileRefused, RowRefused
from tests.fixtures import TK1, Worker, d02_xml, envelope, workers
from tests.fixtures.reading import read_all, read_one


def _write(tmp_path: Path, content: bytes, name: str = "h.xml") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_the_envelope_names_unit_dossier_and_signature_and_its_other_forms(tmp_path: Path) -> None:
    inner = d02_xml([Worker(line="5", died_on="01/10/2026")])
    path = _write(tmp_path, envelope([("D02-TS-595.xml", inner), ("TK1-TS-595.xml", TK1), ("hd.pdf", b"%PDF-1.4")]))
    reading, [row] = read_one(path)
    assert (reading.kind, reading.form, reading.signed) == (FeedKind.D02, "D02", True)
    assert (reading.unit_code, reading.tax_code) == ("TA0123A", "0200123456")
    assert (reading.dossier, reading.dossier_date) == ("600/10-2026/2026-11-03", "2026-11-03")
    assert reading.file == "h.xml/D02-TS-595.xml"
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert reading.part_sha256 == hashlib.sha256(inner).hexdigest()
    assert [note.partition(" / ")[2] for note in reading.notes] == [
        "TK1-TS-595.xml (TK1-TS): not read",
        "hd.pdf: not read",
    ]
    assert (row.line, row.place) == ("5", "LaoDong 1 of D02-TS-595.xml")
    assert row.values == {
        "line": "5",
        "full_name": "Phạm Thị Hòa",
        "insurance_number": "0116123456",
        "personal_number": "031185001234",
        "movement_code": "TM",
        "from_month": "10/2026",
        "died_on": "01/10/2026",
        "birth_date": "05/03/1985",
        "sex": "0",
        "job_title": "Công nhân",
    }


@pytest.mark.parametrize("suffix", ["", "-595", "-959", "-166"])
def test_the_procedure_is_told_without_its_suffix(tmp_path: Path, suffix: str) -> None:
    content = envelope([("a.xml", d02_xml(workers(1)))], procedure=f"600{suffix}")
    assert read_one(_write(tmp_path, content))[0].dossier == "600/10-2026/2026-11-03"


def test_an_envelope_without_a_period_has_no_dossier(tmp_path: Path) -> None:
    content = envelope([("a.xml", d02_xml(workers(1)))], period="")
    assert read_one(_write(tmp_path, content))[0].dossier == ""


def test_two_forms_in_one_envelope_are_two_readings(tmp_path: Path) -> None:
    content = envelope([("D02.xml", d02_xml(workers(1))), ("D05.xml", d02_xml(workers(2), root="D05-TS"))])
    assert [(r.form, len(rows)) for r, rows in read_all(_write(tmp_path, content))] == [("D02", 1), ("D05", 2)]


def test_the_stated_length_counts_the_base64_text(tmp_path: Path) -> None:
    inner = d02_xml(workers(1))
    text = base64.b64encode(inner)
    wrapped = envelope([("a.xml", inner)]).replace(text, b"\n".join(text[i : i + 76] for i in range(0, len(text), 76)))
    assert len(read_one(_write(tmp_path, wrapped))[1]) == 1
    with pytest.raises(FileRefused, match="DoDaiFile") as refused:
        read_one(_write(tmp_path, envelope([("a.xml", inner)], lengths=[len(inner)])))
    assert refused.value.reason == "inner-length"


def test_an_inner_file_that_is_cut_is_refused_even_when_lengths_agree(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_one(_write(tmp_path, envelope([("a.xml", d02_xml(workers(9))[:-300])])))
    assert (refused.value.reason, refused.value.file) == ("cut", "h.xml/a.xml")


def test_an_inner_file_that_is_no_base64_is_refused(tmp_path: Path) -> None:
    content = envelope([("a.xml", b"12345678")]).replace(base64.b64encode(b"12345678"), b"MTIz*DU2Nzg=")
    with pytest.raises(FileRefused) as refused:
        read_one(_write(tmp_path, content))
    assert refused.value.reason == "inner-base64"


def test_an_envelope_of_other_forms_only_names_them(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"TK1-TS-595\.xml") as refused:
        read_all(_write(tmp_path, envelope([("TK1-TS-595.xml", TK1)])))
    assert refused.value.reason == "no-d02"


def test_the_bare_form_has_neither_unit_nor_dossier(tmp_path: Path) -> None:
    reading, rows = read_one(_write(tmp_path, d02_xml(workers(3)), "D02-TS-595.xml"))
    assert (reading.unit_code, reading.tax_code, reading.dossier, reading.signed) == ("", "", "", True)
    assert [row.line for row in rows] == ["1", "2", "3"]


def test_the_line_is_stt_then_id_then_the_count(tmp_path: Path) -> None:
    xml = (
        b"<D02-TS><NoiDung><LaoDong><HoTen>A</HoTen><ID>x9</ID></LaoDong>\n <LaoDong>\n  <HoTen>B</HoTen>\n</LaoDong>"
        b"<LaoDong><STT>4</STT><ID>x9</ID><HoTen>C</HoTen></LaoDong></NoiDung></D02-TS>"
    )
    assert [row.line for row in read_one(_write(tmp_path, xml))[1]] == ["x9", "2", "4"]


def test_an_element_stated_twice_refuses_its_row_only(tmp_path: Path) -> None:
    xml = (
        b"<D02-TS><NoiDung><LaoDong><HoTen>A</HoTen><HoTen>B</HoTen></LaoDong>"
        b"<LaoDong><HoTen>C</HoTen></LaoDong></NoiDung></D02-TS>"
    )
    first, second = read_one(_write(tmp_path, xml))[1]
    assert isinstance(first, RowRefused)
    assert (first.reason, first.field) == ("stated-twice", "full_name")
    assert second.values == {"full_name": "C"}


def test_namespaces_and_other_encodings_change_nothing(tmp_path: Path) -> None:
    text = d02_xml(workers(2)).decode("utf-8-sig")
    plain = [row.values for row in read_one(_write(tmp_path, text.encode()))[1]]
    spaced = text.replace("<D02-TS>", '<D02-TS xmlns="urn:x">')
    assert [row.values for row in read_one(_write(tmp_path, spaced.encode()))[1]] == plain
    wide = text.replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16")
    assert [row.values for row in read_one(_write(tmp_path, wide))[1]] == plain


def test_text_of_the_signature_never_enters_a_row(tmp_path: Path) -> None:
    xml = b"<D02-TS><NoiDung><LaoDong><STT>1</STT></LaoDong></NoiDung><Cky><HoTen>X</HoTen></Cky></D02-TS>"
    assert [row.values for row in read_one(_write(tmp_path, xml))[1]] == [{"line": "1"}]


def test_an_unknown_root_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="laoDongs") as refused:
        read_all(_write(tmp_path, b"<laoDongs><laoDong/></laoDongs>"))
    assert refused.value.reason == "unknown-xml"
