"""Which names of files, sheets and columns may be repeated on the log: those of office words, dates and short numbers.

Everything else may name a person, so the rule is a list of what passes. Words are folded (no marks, lower case) and
stand in phrases: *hồ sơ* passes, *Hồ* alone is a surname.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from producers.readers.model import FeedKind
from producers.readers.texts import fold
from producers.readers.vocabulary import is_dropped, name_of

_VIETNAMESE = """
    bang ke|bang tong hop|bao cao|bao giam|bao tang|ban sao|bhxh|bhyt|bhtn|bia|bien dong|bo sung|cap nhat|chi nhanh
    chia tach|cong doan|cong doan co so|cong ty|cong van|cdcs|cty|danh muc|danh sach|de nghi|dieu chinh|doan phi
    doan vien|doanh nghiep|doi chieu|don vi|du lieu|dn|ds|dsdv|giam lao dong|goi|gui lai|hd|ho so|hop dong|huong dan
    ket nap|khu cong nghiep|kcn|lao dong|ldld|nguoi lao dong|nld|phu luc|quyet dinh|tang giam|tang lao dong|thanh lap
    thanh vien|thay the|thong tin|thu muc|to khai|tong hop|trang tinh|ts|lt|truong hop|vi du|so luong|tham gia
    tu ngay|den ngay|tu thang|den thang|ghi chu
"""
_ENGLISH = """
    agreement|agreements|agreement register|april|area|areas|august|bad|batch|big|both|broken|bulk|cancel|check|city
    columns|copy|correction|corrections|cover|cut|d02|data|declaration|december|dissolved|dossier|dossiers|empty
    enterprise|enterprises|enterprises hai duong|export|february|final|firm|firms|first|fix|fixed|form|good|groups|http
    import|insurance|january|july|june|late|leave|letter|letters|line|lines|list|march|may|member|members|merged
    month|monthly|movements|moved|new|november|october|odd|old|other|page|part|parties|party|plain|quarter|register|registers
    file|files|registry|rejected|replace|roster|rosters|row|rows|second|september|sent again|sheet|small|sound|special
    split|staff|take|target|template|test|third|union|unions|unit|units|update|upload|wide|whole|worker|workers|year|yes|again
    filetokhai|hoso|tokhai|bhxhdientu|tangmoi|dulieu|danhsach|danhsachdoanvien|phuluc|huongdan|tonghop|thongtin
    csv|xls|xlsx|xml|zip|pdf|txt|doc|docx|png|jpg|json|tmp
"""
_PHRASES = sorted(
    {one.strip() for line in (_VIETNAMESE + _ENGLISH).splitlines() for one in line.split("|") if one.strip()},
    key=len,
    reverse=True,
)
_DATE = re.compile(
    r"(?:20\d\d ?(?:0[1-9]|1[0-2])(?: ?(?:0[1-9]|[12]\d|3[01]))?|(?:[0-3]?\d )?(?:0?[1-9]|1[0-2]) 20\d\d|20\d\d)"
    r"(?![a-z0-9])"
)
_PIECE = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, _PHRASES))})\d{{0,4}}"
    r"|(?:thang|quy|nam|ngay|dot|lan|so|sau)(?= ?\d)|mau(?= [a-z]{1,3}\d)"  # without a number they may be names
    r"|(?:d|tk|dk|c)\d{1,3}[a-z]?"  # forms: D02, TK1, DK05, C12
    r"|[a-z]\d{0,4}|\d{1,4})(?![a-z0-9])"
    r"|(?:thang|quy|nam|t|q)(?=\d)"
)
_MOST_DIGITS = 8
"""Outside of dates, in all: no number of a person is so short, also not in pieces."""
_POST = re.compile(r"http-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASHED = re.compile(r"[0-9a-f]{8}(?:\.[a-z]{3,4})?")
_UNIT = re.compile(r"(?<!\d)\d{10}(?!\d)")
ENDING = re.compile(r"\.(?:csv|xlsx|xls|xlsm|xml|zip|txt|pdf|docx?|json)\Z", re.IGNORECASE)


def _folded(text: str) -> str:
    bare = "".join(ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch))
    return bare.casefold().replace("đ", "d")


@lru_cache(maxsize=4096)
def is_harmless(text: str) -> bool:
    """Whether a text is nothing but office words, dates, forms and short numbers: it can't name anybody."""
    left = re.sub(r"[-_.,;:()\[\]+&#~$\s]+", " ", _folded(text)).strip()
    digits = letters = 0
    while left:
        found = _DATE.match(left)
        if not found:
            found = _PIECE.match(left)
            if not found:
                return False
            digits += sum(map(str.isdigit, found[0]))
            letters = letters + 1 if len(found[0]) == 1 else 0
            if digits > _MOST_DIGITS or letters > 1:
                return False
        left = left[found.end() :].lstrip()
    return True


def is_known_title(title: str) -> bool:
    """Whether a column's title is one that some feed knows, or harmless by itself."""
    folded = fold(title)
    return is_dropped(folded) or any(name_of(kind, title) for kind in FeedKind) or is_harmless(title)


def public_name(name: str, sha256: str, is_unit: Callable[[str], bool]) -> str:
    """A file's name for the log: as it is where it can name nobody, else ``a1b2c3d4.csv``, of its SHA-256.

    ``name``: also ``outer/inner``, each judged alone. ``is_unit``: whether ten digits are the tax code of a known unit.
    """
    return "/".join(_public_piece(piece, sha256, is_unit) for piece in name.split("/"))


def _public_piece(piece: str, sha256: str, is_unit: Callable[[str], bool]) -> str:
    if _POST.fullmatch(piece) or _HASHED.fullmatch(piece):
        return piece
    ending = ENDING.search(piece)
    stem = piece[: ending.start()] if ending else piece
    bare = _UNIT.sub(lambda code: "unit" if is_unit(code[0]) else code[0], stem)
    if is_harmless(bare):
        return piece
    return sha256[:8] + (ending[0].lower() if ending else "")
