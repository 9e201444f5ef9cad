"""D02+TK1 workbook in the layout of 2025-11 (feed description, section a), with the traps that real ones have."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from producers.synth.lines import STARTS, Stated
from producers.synth.sheets import Cell, Formula, write_workbook
from schemas.codes import code_table

_FIELDS_AS_TEXT = (
    "STT HoTen MasoBHXH TenLoaiKhaiBao Loai TenPhuongAn PA ChucVu NoiLamViec TienLuong PhuCapCV PhuCapTNVK "
    "PhuCapTNNghe PhuCapLuong PhuCapBosung TuThang DenThang NgayChet Ghichu TyleDong TinhLai DaCoSo MucHuong "
    "MaPhongBan MavungSS MavungLTT Tk1_Save CMND Maho_Giadinh NgaySinh GioiTinh TenQuocTich QuocTich TenDanToc "
    "DanToc TenTinhBenhVien MaTinhBenhVien TenBenhVien MaBenhVien TenTinhKS Matinh_KS TenXaKS Maxa_KS - - "
    "TenTinhNN Matinh_NN TenXaNN Maxa_NN Matinh_NN Maxa_NN Diachi_NN Ten_ChaMe_Giamho Dienthoai_LH Mucdong "
    "Phuongthuc Noidung_Thaydoi HosoKemtheo Email_LH Diachi_KS Vtvl_nql_tungay Vtvl_nql_denngay "
    "Vtvl_cmktbc_tungay Vtvl_cmktbc_denngay Vtvl_cmktbt_tungay Vtvl_cmktbt_denngay Vtvl_khac_tungay "
    "Vtvl_khac_denngay Nndh_tungay Nndh_denngay Hdld_tungay Hdld_xdth_tungay Hdld_xdth_denngay Hdld_khac_tungay "
    "Hdld_khac_denngay Nhan_BanDientu Nhan_Bangiay Diachi_NhanBangiay Tinh_NhanBangiay Matinh_NhanBangiay "
    "Xa_NhanBangiay Maxa_NhanBangiay tax_code dossier_no dossier_date "
)
FIELDS: tuple[str, ...] = tuple(_FIELDS_AS_TEXT.split())
"""Field codes of row 3 from column A on (``-``: a stale column with a blank code).

The last three are ours: the layout itself names neither unit nor dossier.
"""

_TITLES = {"STT": "STT", "HoTen": "Họ và tên", "MasoBHXH": "Mã số BHXH", "TenPhuongAn": "Phương án", "CMND": "Số CCCD"}
_TITLES |= {"TuThang": "Từ tháng", "DenThang": "Đến tháng", "tax_code": "Mã số thuế", "dossier_no": "Số hồ sơ"}
_OTHER_SHEETS: tuple[str, ...] = ("Phụ lục", "Bảng kê", "Dân tộc", "QuocTich", "BenhVien", "Tinh", "TinhBenhVien", "Xa")
_OTHER_SHEETS += ("Mức hưởng BHYT", "Tổng hợp ")  # the trailing space is the template's
_AT = {name: place for place, name in reversed(list(enumerate(FIELDS)))}


def write_d02_workbook(path: Path, rows: Iterable[Stated], dossier: str, dated: str, dress: int) -> None:
    """Write one workbook. ``dress`` picks which traps it wears: numeric numbers, formulas without values, leftovers."""
    sheets = [("Dữ Liệu", _data(rows, dossier, dated, dress))]
    sheets += [(name, iter([(1, [name.strip()])])) for name in _OTHER_SHEETS]
    write_workbook(path, sheets)


def _data(rows: Iterable[Stated], dossier: str, dated: str, dress: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield 2, [_TITLES.get(name, name if name != "-" else "") for name in FIELDS]
    yield 3, [name if name != "-" else "" for name in FIELDS]
    number = 3
    for row in rows:
        number += 1
        yield number, _cells(row, number, dossier, dated, dress)
    if dress % 3 == 0:
        for extra in (number + 1, number + 2):
            yield extra, _spread({"TenTinhBenhVien": "Thành phố Hải Phòng", "TenBenhVien": "Bệnh viện Việt Tiệp"})


def _cells(row: Stated, number: int, dossier: str, dated: str, dress: int) -> list[Cell]:
    label = _label(row.code)
    bare = dress % 5 == 4 and label in _unique_labels()  # some exporters leave the code out of the label
    kind = "Tăng lao động" if row.code in STARTS or row.code == "ON" else "Giảm lao động"
    if row.code in {"DC", "CD", "TT"}:
        kind = "Điều chỉnh"
    numeric = dress % 2 == 0
    return _spread(
        {
            "STT": row.line,
            "HoTen": row.full_name,
            "MasoBHXH": int(row.insurance_number) if numeric and row.insurance_number else row.insurance_number,
            "TenLoaiKhaiBao": kind,
            "Loai": Formula(f'IF(D{number}="Tăng lao động",1,3)'),
            "TenPhuongAn": label if bare else f"{row.code} - {label}",
            "PA": Formula(f'LEFT(F{number},FIND(" - ",F{number})-1)', row.code if dress % 4 == 1 else ""),
            "ChucVu": row.job_title,
            "NoiLamViec": "Hải Phòng",
            "TienLuong": "5800000",
            "TuThang": row.from_month,
            "TyleDong": "32,0",
            "TinhLai": "0",
            "DaCoSo": "1",
            "MucHuong": "4",
            "MavungLTT": "01",
            "Tk1_Save": "x",
            "CMND": int(row.personal_number) if numeric and len(row.personal_number) == 12 else row.personal_number,
            "NgaySinh": row.birth_date,
            "GioiTinh": "1" if row.male else "0",
            "TenQuocTich": "Việt Nam",
            "QuocTich": Formula(f'IF(AF{number}="Việt Nam","VN","")'),
            "tax_code": row.tax_code,
            "dossier_no": dossier,
            "dossier_date": dated,
        }
    )


def _spread(values: dict[str, Cell]) -> list[Cell]:
    cells: list[Cell] = [""] * len(FIELDS)
    for name, value in values.items():
        cells[_AT[name]] = value
    return cells


def _label(code: str) -> str:
    known = code_table().get(("D02", code))
    return known.label_vi if known else "Không rõ"


@cache
def _unique_labels() -> frozenset[str]:
    labels = [code.label_vi for (form, _), code in code_table().items() if form == "D02"]
    return frozenset(label for label in labels if labels.count(label) == 1)
