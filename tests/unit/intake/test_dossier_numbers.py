"""Dossier numbers that name offices, firms and places pass; those that could name a person do not."""

import unicodedata

import pytest

from producers.validate.claims import RowFault
from producers.validate.d02 import d02_row, names_a_dossier
from tests.unit.intake.context import context, d02

NAMED = {"personal_number": "031185001234"}

OFFICES = (
    "BHXH huyện An Dương 12",
    "BHXH huyện Thủy Nguyên 12/2026",
    "HS công ty Hoa Mai 3",
    "Hồ sơ công ty TNHH Đại Dương số 7",
    "Công ty CP Hải Long 2026-10",
    "BHXH quận Hồng Bàng tháng 10 năm 2026",
    "BHXH thành phố Hải Phòng 2026/15",
    "BHXH Hải Phòng đợt 3",
    "Phường Lê Thanh Nghị 4",
    "xã Trần Phú, số 12",
    "phường Chu Văn An - 3",
    "thị trấn An Lão 5",
    "KCN Tràng Duệ 2026-001",
    "Khu công nghiệp Đình Vũ 9",
    "LĐLĐ quận Lê Chân 17",
    "Công đoàn KCN Nomura 8",
    "Công đoàn Hải Phòng 8",
    "UBND xã An Hưng 3",
    "600 BHXH huyện Vĩnh Bảo kỳ 10/2026",
    "Công ty cổ phần thương mại và dịch vụ Hoa Mai 5",
    "Chi nhánh công ty TNHH MTV Sao Biển 2",
    "Nhà máy Hoa Sen 12",
    "HTX Hoa Mai 12",
    "Báo tăng lao động tháng 10/2026",
    "Báo giảm lao động đợt 2 năm 2026",
    "QĐ 12 công an huyện Kiến Thụy",
)

PERSONS = (
    "Nguyễn Văn An 12",
    "HS Trần Thị Bình",
    "HS Trần Thị Bình 3",
    "Hồ sơ Nguyễn An 12",
    "BHXH Phạm Thị Hòa 3",
    "BHXH huyện An Dương Nguyễn Văn An 12",
    "công ty Nguyễn Văn An 12",
    "Công ty TNHH Hoa Mai - Trần Thị Bình 3",
    "công ty Thị Bình 4",
    "Nguyễn Trung Tâm 12",
    "Phạm Văn Phòng 12",
    "Nguyễn Công Đoàn 12",
    "Trần Công An 5",
    "Nguyễn Thị Phương 3",
    "Nguyễn Thị Huyền An Dương 3",
    "Trần Nam 5",
    "Lê Thị Lan 2",
    "Đặng Xã 12",
    "Trần Phú 12",
    "Chu Văn An 3",
    "huyện Nguyễn Văn An 12",
    "Lê Hoàng Quân 10",
    "Sầm Công An 12",
    "Sầm Huyền Tiên Lãng 3",
)

FORMS = ("NFC", "NFD", "upper", "ascii", "ASCII", "dashes")


def spelt(text: str, form: str) -> str:
    """The text as other programs and other hands write it."""
    if form in ("NFC", "NFD"):
        return unicodedata.normalize(form, text)
    if form == "upper":
        return text.upper()
    if form == "dashes":
        return text.replace(" ", "-")
    bare = "".join(ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    return bare.upper() if form == "ASCII" else bare


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", OFFICES)
def test_offices_firms_and_places_name_a_dossier(text: str, form: str) -> None:
    assert names_a_dossier(spelt(text, form), NAMED)
    assert names_a_dossier(spelt(text, form), None)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", PERSONS)
def test_a_person_names_none(text: str, form: str) -> None:
    assert not names_a_dossier(spelt(text, form), NAMED)
    assert not names_a_dossier(spelt(text, form), None)


def test_a_place_is_not_the_name_of_who_is_called_so() -> None:
    row = d02(dossier_no="BHXH huyện An Dương 12", full_name="Nguyễn An Dương")
    assert d02_row(row, "1", context()).dossier == "BHXH huyện An Dương 12"
    assert d02_row(row | {"dossier_no": "An 12"}, "1", context())
    for stated in ("HS An Dương 12", "công ty An Dương 12"):
        with pytest.raises(RowFault) as refused:
            d02_row(row | {"dossier_no": stated}, "1", context())
        assert refused.value.reason == "bad-dossier"


def test_a_number_of_a_person_is_none_whatever_stands_before_it() -> None:
    assert not names_a_dossier("BHXH huyện An Dương 031185001234", NAMED)
    assert not names_a_dossier("BHXH huyện An Dương 7900000001", {"insurance_number": "7900000001"})
