"""D02 as the XML envelope ``BHXHDienTu.xml`` with a base64 ``D02-TS-595.xml`` inside (feed description, section b)."""

import base64
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from producers.synth.city import Enterprise
from producers.synth.lines import Stated
from producers.synth.months import slashed, stated

PROCEDURE = "600"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SCHEMAS = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
_STARTS = frozenset({"TM", "TH", "TC", "TD", "ON"})
_DATES = "".join(
    f"<{name}_tungay /><{name}_denngay />" for name in ("Vtvl_nql", "Vtvl_cmktbc", "Vtvl_cmktbt", "Vtvl_khac", "Nndh")
)
_CONTRACTS = "<Hdld_tungay /><Hdld_xdth_tungay /><Hdld_xdth_denngay /><Hdld_khac_tungay /><Hdld_khac_denngay />"


def dossier_of(month: int, dated: str) -> str:
    """The number that an envelope's dossier goes by: procedure, period and date (meaning, rule 8)."""
    return f"{PROCEDURE}/{stated(month).replace('/', '-')}/{dated}"


def write_envelope(path: Path, enterprise: Enterprise, month: int, dated: str, rows: Iterable[Stated]) -> None:
    """Write one envelope: filed for ``month``, drawn up on the ISO day ``dated``. It carries no signature."""
    inner = (
        f"\ufeff{_HEAD}<D02-TS><ThongTinKhac><SoToBiaSoBHXH /><SoToRoiSoBHXH /><SoTheBHYT /></ThongTinKhac><NoiDung>"
        f"{''.join(map(_worker, rows))}</NoiDung><Cky /></D02-TS>"
    )
    content = base64.b64encode(inner.encode()).decode()
    path.write_text(
        f"{_HEAD}<Hoso {_SCHEMAS}><NoiDung>"
        "<ThongTinIVAN><MaIVAN>00040</MaIVAN><TenIVAN>IVAN</TenIVAN></ThongTinIVAN>"
        f"<ThongTinDonVi><TenDoiTuong>{escape(enterprise.name)}</TenDoiTuong><MaSoBHXH>{enterprise.unit_code}</MaSoBHXH>"
        f"<LoaiDoiTuong>1</LoaiDoiTuong><MaSoThue>{enterprise.tax_code}</MaSoThue><NguoiKy /><DienThoai />"
        "<CoQuanQuanLy>03100</CoQuanQuanLy></ThongTinDonVi>"
        "<ThongTinHoSo><TenThuTuc>Báo tăng, báo giảm, báo điều chỉnh đóng BHXH, BHYT, BHTN, BHTNLĐ, BNN</TenThuTuc>"
        f"<MaThuTuc>{PROCEDURE}</MaThuTuc><KyKeKhai>{stated(month)}</KyKeKhai><NgayLap>{slashed(dated)}</NgayLap>"
        "<SoLuongFile>1</SoLuongFile><QuyTrinhISO /><ToKhais><FileToKhai><MaToKhai>D02-TS</MaToKhai>"
        "<MoTaToKhai>Danh sách lao động tham gia BHXH, BHYT, BHTN</MoTaToKhai><TenFile>D02-TS-595.xml</TenFile>"
        f"<LoaiFile>.xml</LoaiFile><DoDaiFile>{len(content)}</DoDaiFile><NoiDungFile>{content}</NoiDungFile>"
        "</FileToKhai></ToKhais></ThongTinHoSo></NoiDung><CKy_Dvi /></Hoso>",
        encoding="utf-8",
        newline="",
    )


def _worker(row: Stated) -> str:
    kind = "1" if row.code in _STARTS else "2" if row.code in {"DC", "CD"} else "3"
    return (
        f"<LaoDong>{_tag('STT', row.line)}{_tag('HoTen', row.full_name)}{_tag('MasoBHXH', row.insurance_number)}"
        f"{_tag('ChucVu', row.job_title)}<NoiLamViec>Hải Phòng</NoiLamViec><TienLuong>5800000</TienLuong><PhuCapCV />"
        "<PhuCapTNVK /><PhuCapTNNghe /><PhuCapLuong /><PhuCapBosung />"
        f"{_tag('TuThang', row.from_month)}<DenThang /><Ghichu />{_tag('PA', row.code)}<TyleDong>32.0</TyleDong>"
        "<TinhLai>0</TinhLai><DaCoSo>1</DaCoSo><MucHuong>4</MucHuong><MaPhongBan /><MavungSS />"
        "<MavungLTT>01</MavungLTT>"
        f"{_tag('ID', row.line)}<Loai>{kind}</Loai><CoGiamChet>{int(row.code == 'GH4')}</CoGiamChet><NgayChet />"
        f"{_tag('NgaySinh', row.birth_date)}<GioiTinh>{int(row.male)}</GioiTinh>{_tag('CMND', row.personal_number)}"
        f"{_DATES}{_CONTRACTS}</LaoDong>"
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"
