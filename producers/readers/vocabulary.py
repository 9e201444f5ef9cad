"""Header vocabulary: which headers mean which canonical name, per kind of feed.

English and Vietnamese headers are those of the register formats; D02 also knows the field codes of the workbook
template (row 3 of ``Dữ Liệu``), the 45-column list and common titles of portals.
"""

import re
from functools import cache

from producers.readers.model import FeedKind
from producers.readers.texts import fold

_PERSON = {
    "full_name": "Họ và tên|Họ tên|HoTen|hovaten|FullName|Họ tên người lao động",
    "insurance_number": "Mã số BHXH|MasoBHXH|Số sổ BHXH|Mã số bảo hiểm xã hội",
    "personal_number": "Số định danh|CMND|CCCD|Số CCCD|Số CMND|Số định danh cá nhân|CMND/CCCD|Số CMND/CCCD/Định danh",
}
_PLACE = {"tax_code": "Mã số thuế|MaSoThue|MST", "unit_code": "Mã đơn vị|MaDonVi|Mã đơn vị BHXH"}
_CORRECTION = {"action": "Thao tác", "cites": "Dẫn chiếu|Trích dẫn", "line": "STT|TT|Số thứ tự|Dòng"}

NAMES: dict[FeedKind, dict[str, str]] = {
    FeedKind.D02: {
        **_PLACE,
        **_PERSON,
        **_CORRECTION,
        "line": "STT|TT|Số thứ tự|ID|Dòng",
        "dossier_no": "Số hồ sơ|Mã hồ sơ",
        "dossier_date": "Ngày hồ sơ|Ngày lập",
        "form": "Mẫu|Biểu mẫu|Mẫu biểu",
        "movement_code": "PA|Phương án|Mã phương án",
        "movement_label": "TenPhuongAn|Tên phương án",
        "from_month": "TuThang|Từ tháng|Từ tháng năm",
        "to_month": "DenThang|Đến tháng|Đến tháng năm",
        "died_on": "NgayChet|Ngày chết",
        "birth_date": "NgaySinh|Ngày sinh|Ngày tháng năm sinh",
        "sex": "GioiTinh|Giới tính",
        "job_title": "ChucVu|Chức vụ|Chức danh|Cấp bậc chức vụ chức danh nghề nơi làm việc",
    },
    FeedKind.ROSTER: {
        **_PLACE,
        **_PERSON,
        **_CORRECTION,
        "from_month": "Từ tháng|TuThang",
        "as_of": "Tính đến ngày|Tại ngày|Ngày chốt",
        "complete": "Đầy đủ|Danh sách đầy đủ",
    },
    FeedKind.ENTERPRISE: {
        **_PLACE,
        **_CORRECTION,
        "name": "Tên doanh nghiệp|Tên đơn vị",
        "effective_on": "Hiệu lực từ|Ngày hiệu lực",
        "ownership": "Loại hình",
        "area_code": "Mã địa bàn",
        "park": "Khu công nghiệp",
        "eligible_agreement": "Đủ điều kiện ký TƯLĐTT",
        "eligible_party": "Đủ điều kiện lập tổ chức Đảng",
        "registered_on": "Ngày đăng ký",
        "dissolved_on": "Ngày giải thể",
        "successor_tax_code": "Kế thừa bởi",
    },
    FeedKind.UNION: {
        **_CORRECTION,
        "union_code": "Mã công đoàn",
        "name": "Tên công đoàn cơ sở|Tên công đoàn",
        "tax_codes": "Mã số thuế các đơn vị|Mã số thuế|tax_code",
        "effective_on": "Hiệu lực từ|Ngày hiệu lực",
        "founded_on": "Ngày thành lập",
        "dissolved_on": "Ngày giải thể",
        "upper_union": "Công đoàn cấp trên",
    },
    FeedKind.MEMBER: {
        **_PERSON,
        **_CORRECTION,
        "union_code": "Mã công đoàn",
        "change": "Biến động",
        "effective_on": "Ngày hiệu lực|Hiệu lực từ|ngayvao_congdoan|Ngày vào công đoàn|JoinDate",
        "decision_no": "Số quyết định",
        "card_number": "maso_doanvien|Mã số đoàn viên|Số thẻ đoàn viên",
        "birth_date": "NgaySinh|Ngày sinh|DOB",
        "sex": "GioiTinh|Giới tính|Gender",
        "job_title": "Chức vụ|Title",
        "union_position": "Chức vụ công đoàn|UnionPosition",
        "position_since": "Giữ chức vụ từ|Giữ chức vụ từ ngày",
        "position_until": "Giữ chức vụ đến|Giữ chức vụ đến ngày",
        "home_place": "Quê quán|Nguyên quán|Nguyên quán tỉnh|nguyenquan_tinh",
        "address": "Nơi ở hiện nay|Địa chỉ|diachi",
        "phone": "Số điện thoại|Điện thoại|sodienthoai|Phone",
        "workplace": "Nơi làm việc",
    },
    FeedKind.AGREEMENT: {
        **_CORRECTION,
        "agreement_code": "Mã thỏa ước|Mã TƯLĐTT",
        "tax_codes": "Mã số thuế các đơn vị|Mã số thuế|tax_code",
        "signed_on": "Ngày ký",
        "ends_on": "Ngày hết hiệu lực|Ngày hết hạn",
    },
    FeedKind.PARTY: {
        **_CORRECTION,
        "organisation_code": "Mã tổ chức Đảng|Mã tổ chức",
        "tax_codes": "Mã số thuế các đơn vị|Mã số thuế|tax_code",
        "founded_on": "Ngày thành lập",
        "ended_on": "Ngày kết thúc|Ngày giải thể",
    },
}

# D02 columns that are known and dropped at the edge: salary, household, clinic, ethnicity, free text, addresses.
_DROPPED_CODES = """
    note Ghichu TenLoaiKhaiBao Loai NoiLamViec TienLuong Luong PhuCapCV PhuCapTNVK TNVK PhuCapTNNghe TNNghe
    PhuCapLuong PhuCapBosung BoSung TyleDong TinhLai DaCoSo MucHuong MaPhongBan MavungSS MavungLTT Tk1_Save ADD_TK1
    Maho_Giadinh TenQuocTich QuocTich TenDanToc DanToc TenTinhBenhVien MaTinhBenhVien TenBenhVien MaBenhVien
    TenTinhKS Matinh_KS TenXaKS Maxa_KS TenTinhNN Matinh_NN TenXaNN Maxa_NN Diachi_NN Ten_ChaMe_Giamho Dienthoai_LH
    Mucdong Phuongthuc Noidung_Thaydoi HosoKemtheo Email_LH Diachi_KS Nhan_BanDientu Nhan_Bangiay Diachi_NhanBangiay
    Tinh_NhanBangiay Matinh_NhanBangiay Xa_NhanBangiay Maxa_NhanBangiay CoGiamChet Hdld_tungay
    dantoc diachi sodienthoai email hesoluong mucluong
"""
_DATED = re.compile(r"(vtvl|nndh|hdld).*(tungay|denngay)\Z")  # contract and hazardous-work periods


@cache
def _dropped() -> frozenset[str]:
    return frozenset(fold(code) for code in _DROPPED_CODES.split())


def is_dropped(folded: str) -> bool:
    """Whether a D02 column of this folded header is known, and never leaves the reader."""
    return folded in _dropped() or bool(_DATED.match(folded))


@cache
def vocabulary(kind: FeedKind) -> dict[str, str]:
    """Folded header -> canonical name."""
    known: dict[str, str] = {}
    for name, spellings in NAMES[kind].items():
        for spelling in (name, *spellings.split("|")):
            known.setdefault(fold(spelling), name)
    return known


def name_of(kind: FeedKind, header: str) -> str | None:
    """Canonical name of one header, None if unknown; a remark in brackets may follow (``Từ tháng (MM/YYYY)``)."""
    known = vocabulary(kind)
    found = known.get(fold(header))
    return found if found or "(" not in header else known.get(fold(re.sub(r"\(.*?\)", "", header[:300])))


def title_of(kind: FeedKind, name: str) -> str:
    """The header that a Vietnamese reader sees: the first spelling with its accents; ``STT`` for the line."""
    spellings = NAMES[kind][name].split("|")
    return next((one for one in spellings if not one.isascii() and name != "line"), spellings[0])
