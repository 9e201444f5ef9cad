"""Which columns a template has, in which order, what they may hold, and the sentence that explains each.

Names and headers are those of the one vocabulary that the readers use (``producers.readers.vocabulary``); rules are
those of ``producers.validate``.
"""

from dataclasses import dataclass

from producers.readers.model import FeedKind
from producers.readers.vocabulary import title_of
from schemas.codes import code_table

TEMPLATES: dict[str, FeedKind] = {
    "union-register": FeedKind.UNION,
    "enterprise-register": FeedKind.ENTERPRISE,
    "member-register": FeedKind.MEMBER,
    "opening-roster": FeedKind.ROSTER,
    "d02": FeedKind.D02,
    "agreement": FeedKind.AGREEMENT,
    "party": FeedKind.PARTY,
}
"""Name of a template -> what a file of it is read as."""

TITLES: dict[FeedKind, tuple[str, str]] = {
    FeedKind.UNION: ("Sổ đăng ký công đoàn cơ sở", "Union register"),
    FeedKind.ENTERPRISE: ("Sổ đăng ký doanh nghiệp", "Enterprise register"),
    FeedKind.MEMBER: ("Sổ biến động đoàn viên", "Member register"),
    FeedKind.ROSTER: ("Danh sách lao động ban đầu", "Opening roster"),
    FeedKind.D02: ("Biến động lao động (D02)", "Movements of workers (D02)"),
    FeedKind.AGREEMENT: ("Sổ đăng ký thỏa ước lao động tập thể", "Register of collective agreements"),
    FeedKind.PARTY: ("Sổ đăng ký tổ chức Đảng", "Register of Party organisations"),
}

YES_NO = ("có", "không")
OWNERSHIP = ("nhà nước", "tư nhân", "nước ngoài", "hợp tác xã", "đơn vị sự nghiệp")
CHANGES = ("kết nạp", "chuyển đến", "ra khỏi", "xóa tên", "nghỉ hưu", "chết", "tạm dừng", "khôi phục")
ACTIONS = ("mới", "thay thế", "hủy")


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is canonical, ``header`` Vietnamese; ``needed`` columns are marked. ``choices``: allowed values."""

    name: str
    header: str
    vi: str
    en: str
    needed: bool = False
    choices: tuple[str, ...] = ()


_LINE = ("Số thứ tự của dòng trong hồ sơ; giữ nguyên khi gửi lại", "Number of the line; keep it when sent again")
_TAX = ("10 chữ số, chi nhánh 10-3 (0200123457-001)", "10 digits, a branch 10-3")
_TAXES = ("Một hay nhiều mã, cách nhau bằng dấu ;", "One or several, separated by ;")
_DAY = ("NN/TT/NNNN hoặc NNNN-TT-NN", "DD/MM/YYYY or YYYY-MM-DD")
_MONTH = ("TT/NNNN", "MM/YYYY")
_CODE = ("Chữ, số, dấu . / - ; tối đa 40 ký tự", "Letters, digits, . / - ; at most 40 characters")

_NOTES: dict[str, tuple[str, str]] = {
    "line": _LINE,
    "tax_code": _TAX,
    "tax_codes": _TAXES,
    "unit_code": ("Mã đơn vị của cơ quan BHXH", "Unit code of the social insurance"),
    "full_name": ("Chỉ lưu mã hóa, không ra khỏi hệ thống", "Kept encrypted, never leaves the vault"),
    "insurance_number": ("10 chữ số; hoặc điền số định danh", "10 digits; or give the personal number"),
    "personal_number": ("12 chữ số (CCCD); hoặc điền mã số BHXH", "12 digits; or give the insurance number"),
    "dossier_no": ("Số hồ sơ, như nhau ở mọi dòng của một hồ sơ", "The dossier's number, the same in all its lines"),
    "dossier_date": _DAY,
    "form": ("D02 (bắt buộc) hoặc D05 (tự nguyện)", "D02 (compulsory) or D05 (voluntary)"),
    "movement_code": ("Mã phương án, xem trang Danh mục", "Movement code, see the sheet of allowed values"),
    "from_month": _MONTH,
    "to_month": _MONTH,
    "as_of": ("Ngày chốt danh sách: " + _DAY[0], "Day of the roster: " + _DAY[1]),
    "complete": ("Có phải toàn bộ lao động? Như nhau ở mọi dòng", "Is everybody listed? The same in all rows"),
    "name": ("Bắt buộc khi khai lần đầu", "Required on first sight"),
    "effective_on": ("Từ ngày: " + _DAY[0], "From that day: " + _DAY[1]),
    "ownership": ("Chọn trong danh sách", "Choose from the list"),
    "area_code": ("Mã xã, phường; có thể để trống", "Ward or commune code; may be empty"),
    "park": ("Mã khu, cụm công nghiệp; có thể để trống", "Code of the industrial park; may be empty"),
    "eligible_agreement": ("có, không, hoặc để trống nếu chưa biết", "yes, no, or empty when unknown"),
    "eligible_party": ("có, không, hoặc để trống nếu chưa biết", "yes, no, or empty when unknown"),
    "registered_on": _DAY,
    "dissolved_on": _DAY,
    "founded_on": _DAY,
    "signed_on": _DAY,
    "ends_on": _DAY,
    "ended_on": _DAY,
    "successor_tax_code": ("Cùng với ngày giải thể; nhiều mã cách nhau bằng ;", "With dissolved_on; several by ;"),
    "union_code": _CODE,
    "agreement_code": _CODE,
    "organisation_code": _CODE,
    "upper_union": ("Mã công đoàn cấp trên", "Code of the upper union"),
    "change": ("Chọn trong danh sách", "Choose from the list"),
    "decision_no": ("Số quyết định", "Number of the decision"),
    "card_number": ("Số thẻ đoàn viên, nếu có", "Number of the member's card, if any"),
    "birth_date": _DAY,
    "sex": ("1 nam, 0 nữ", "1 male, 0 female"),
    "job_title": ("Chức vụ, chức danh", "Job title"),
    "union_position": ("Nhiều chức vụ cách nhau bằng ;", "Several separated by ;"),
    "position_since": ("Nếu biết: " + _DAY[0], "If known: " + _DAY[1]),
    "position_until": ("Nếu đã thôi: " + _DAY[0], "If it has ended: " + _DAY[1]),
    "action": ("Chỉ khi đính chính", "Only to correct an earlier row"),
    "cites": ("Chỉ khi đính chính: HỒ_SƠ:DÒNG@PHIÊN_BẢN", "Only to correct: DOSSIER:LINE@VERSION"),
}

_COLUMNS: dict[FeedKind, str] = {  # * marks what a row needs
    FeedKind.D02: "line* tax_code* unit_code dossier_no* dossier_date form* full_name* insurance_number personal_number"
    " movement_code* from_month* to_month birth_date sex job_title",
    FeedKind.ROSTER: "line tax_code* full_name* insurance_number personal_number from_month* as_of* complete*",
    FeedKind.ENTERPRISE: "line tax_code* unit_code name* effective_on* ownership area_code park eligible_agreement"
    " eligible_party registered_on dissolved_on successor_tax_code",
    FeedKind.UNION: "line union_code* name* tax_codes* effective_on* founded_on dissolved_on upper_union",
    FeedKind.MEMBER: "line full_name* insurance_number personal_number union_code* change* effective_on* decision_no"
    " card_number birth_date sex job_title union_position position_since position_until",
    FeedKind.AGREEMENT: "line agreement_code* tax_codes* signed_on* ends_on",
    FeedKind.PARTY: "line organisation_code* tax_codes* founded_on* ended_on",
}


def _choices(kind: FeedKind) -> dict[str, tuple[str, ...]]:
    return {
        "ownership": OWNERSHIP,
        "eligible_agreement": YES_NO,
        "eligible_party": YES_NO,
        "complete": YES_NO,
        "change": CHANGES,
        "action": ACTIONS,
        "sex": ("0", "1"),
        "form": ("D02", "D05"),
        "movement_code": tuple(dict.fromkeys(code for form, code in code_table() if form == "D02")),
    }


def columns_of(kind: FeedKind) -> list[Column]:
    """In the order of the template; the two columns of corrections stand last."""
    choices = _choices(kind)
    columns = []
    for stated in f"{_COLUMNS[kind]} action cites".split():
        name = stated.rstrip("*")
        columns.append(Column(name, title_of(kind, name), *_NOTES[name], stated.endswith("*"), choices.get(name, ())))
    return columns
