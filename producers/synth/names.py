"""Vietnamese names put together from common parts. Any likeness to a living person or a firm is chance."""

FAMILY: tuple[str, ...] = ("Nguyễn",) * 8 + ("Trần",) * 3 + ("Lê",) * 2
FAMILY += ("Phạm", "Phạm", "Hoàng", "Vũ", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đào", "Đinh", "Lương")
MIDDLE_MALE: tuple[str, ...] = ("Văn", "Văn", "Văn", "Đức", "Hữu", "Quang", "Minh", "Xuân", "Công", "Thanh")
MIDDLE_FEMALE: tuple[str, ...] = ("Thị", "Thị", "Thị", "Thị", "Thu", "Ngọc", "Thanh", "Phương", "Minh", "Thùy")
GIVEN_MALE: tuple[str, ...] = (
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Duy",
    "Đạt",
    "Hải",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Huy",
    "Khánh",
    "Kiên",
    "Lâm",
)
GIVEN_MALE += ("Long", "Mạnh", "Nam", "Phong", "Phúc", "Quân", "Sơn", "Tài", "Thắng", "Thành", "Tiến", "Trung", "Tuấn")
GIVEN_FEMALE: tuple[str, ...] = (
    "Anh",
    "Bích",
    "Chi",
    "Dung",
    "Duyên",
    "Giang",
    "Hà",
    "Hạnh",
    "Hằng",
    "Hiền",
    "Hoa",
    "Hồng",
    "Huệ",
)
GIVEN_FEMALE += ("Hương", "Lan", "Liên", "Linh", "Loan", "Mai", "Nga", "Nhung", "Oanh", "Quỳnh", "Thảo", "Trang", "Yến")
JOBS: tuple[str, ...] = (
    "Công nhân",
    "Công nhân",
    "Công nhân",
    "Công nhân may",
    "Công nhân lắp ráp",
    "Thợ hàn",
    "Thợ điện",
    "Lái xe",
)
JOBS += ("Thủ kho", "Nhân viên kế toán", "Nhân viên kinh doanh", "Kỹ sư", "Tổ trưởng", "Nhân viên bảo vệ")

_TRADES: tuple[str, ...] = (
    "Cơ khí",
    "May mặc",
    "Giày da",
    "Vận tải",
    "Xây dựng",
    "Thương mại",
    "Điện tử",
    "Bao bì",
    "Thủy sản",
)
_TRADES += ("Logistics", "Nhựa", "Gỗ", "Thép", "Thực phẩm", "Dịch vụ", "In ấn", "Dược phẩm", "Nội thất", "Dệt")
_WORDS: tuple[str, ...] = (
    "Hải Đăng",
    "Bình Minh",
    "Thành Công",
    "Đại Dương",
    "Hoàng Gia",
    "An Phát",
    "Tân Tiến",
    "Phú Thịnh",
    "Việt Nhật",
)
_WORDS += (
    "Sao Biển",
    "Trường Giang",
    "Kim Long",
    "Đông Á",
    "Hưng Thịnh",
    "Minh Khai",
    "Phương Nam",
    "Hồng Hà",
    "Bạch Đằng",
)
_FORMS = {
    "private": ("Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên"),
    "foreign": ("Công ty TNHH", "Công ty TNHH Quốc tế"),
    "state": ("Công ty TNHH MTV Nhà nước",),
    "cooperative": ("Hợp tác xã",),
    "public_unit": ("Trường", "Bệnh viện", "Trung tâm"),
}


def person_name(bits: int, *, male: bool) -> str:
    """Family, middle and given name out of 64 random bits."""
    middle, given = (MIDDLE_MALE, GIVEN_MALE) if male else (MIDDLE_FEMALE, GIVEN_FEMALE)
    return (
        f"{FAMILY[(bits >> 16) % len(FAMILY)]} {middle[(bits >> 24) % len(middle)]} {given[(bits >> 32) % len(given)]}"
    )


def job_title(bits: int) -> str:
    """A plain job title out of 64 random bits."""
    return JOBS[(bits >> 40) % len(JOBS)]


def enterprise_name(bits: int, ownership: str) -> str:
    """Name of an enterprise of that ownership; names repeat, as they do in life."""
    forms = _FORMS[ownership]
    form = forms[bits % len(forms)]
    word = _WORDS[(bits >> 16) % len(_WORDS)]
    if ownership == "public_unit":
        return f"{form} {word} số {(bits >> 24) % 40 + 1}"
    return f"{form} {_TRADES[(bits >> 8) % len(_TRADES)]} {word} {(bits >> 24) % 90 + 10}"
