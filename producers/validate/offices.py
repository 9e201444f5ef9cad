"""Words of offices, firms and places: what stands in a dossier number without naming anybody.

Words are compared without marks and in any case, so some could be given names (*Phương*, *Huyền*, *Nam*): those pass
only where what stands around them says otherwise. What is no such word is left over, for judging as a name.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from producers.validate.areanames import UNITS, area_names, folded, longest


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.replace("\n", "|").split("|") if phrase.strip())


_OFFICE = _phrases(
    """ho so|hs|quyet dinh|qd|cong van|cv|bo sung|dieu chinh|bao cao|bao tang|bao giam|tang giam|tang moi|tang lao dong
    giam lao dong|bien dong|danh sach|ds|to khai|mau so|ky ke khai|ke khai|gui lai|thay the|truy dong|truy thu|lao dong
    nguoi lao dong|nld|doan vien|doan phi|ket nap|phu luc|bang ke|tong hop|hop dong|hdld|tk|ts|lt|nghi viec|dien tu
    giao dich dien tu|van ban|don vi|doanh nghiep|dn"""
)
_BUREAUS = _phrases(
    """bhxh|bhyt|bhtn|bao hiem xa hoi|bao hiem y te|bao hiem|ldld|lien doan lao dong|cong doan|cong doan co so|cdcs
    cdcty|cd|ubnd|uy ban nhan dan|ban quan ly|bql|hepza|so lao dong|so noi vu|so tai chinh|so y te|phong lao dong
    phong noi vu|trung tam|chi nhanh|van phong|van phong dai dien|kcn|kcx|ccn|kkt|khu cong nghiep|khu che xuat
    khu kinh te|cum cong nghiep|kho bac|chi cuc thue|cuc thue|chi cuc|cong an|buu dien|benh vien|tram y te|truong hoc
    truong tieu hoc|truong thcs|truong thpt|truong mam non|dai hoc|cao dang|co quan"""
)
_FIRMS = _phrases(
    """cong ty|cty|cong ty cp|ctcp|cong ty co phan|co phan|cp|tnhh|trach nhiem huu han|mtv|mot thanh vien|hai thanh vien
    dntn|doanh nghiep tu nhan|htx|hop tac xa|tap doan|tong cong ty|xi nghiep|nha may"""
)
_TRADES = _phrases(
    """thuong mai|dich vu|tm dv|tmdv|san xuat|sx|xuat nhap khau|xnk|xay dung|van tai|dau tu|phat trien|quoc te|viet nam
    co khi|dien tu|may mac|da giay|che bien|thuy san|bao bi|noi that|ky thuat|cong nghe|cong nghiep|thiet bi
    logistics"""
)
"""Parts of a firm's name; alone they make none."""
_EXACT = frozenset(
    [
        *("số", "ngày", "tháng", "năm", "quý", "đợt", "lần", "mẫu", "hồ sơ", "quyết định", "công văn", "công đoàn"),
        *("bổ sung", "điều chỉnh"),
    ]
)
"""Office words as they are spelt: with their marks they are nobody's name."""
_COUNTED = frozenset({"so", "ngay", "dot", "no"})
_COUNTED_NAMES = frozenset({"nam", "lan", "thang", "quy", "mau", "ky"})
_KNOWN = _OFFICE | _BUREAUS | _FIRMS | _TRADES
_SHORT_UNITS = ("tp", "tx", "kcn", "ccn", "kcx", "kkt")
_UNITS = frozenset(tuple(map(folded, unit.split())) for unit in (*UNITS, *_SHORT_UNITS))
_PLAIN_UNITS = frozenset({*((unit,) for unit in _SHORT_UNITS), ("khu", "cong", "nghiep")})
SURNAMES = frozenset(
    one
    for (one,) in _phrases(
        """nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dao|doan|dinh|trinh|truong|lam|phung
        ha|luong|luu|cao|quach|vuong|thai|chau|trieu|mac|kieu|nghiem|khuc|tong|ta|dam"""
    )
)
"""Folded; nine persons in ten have one of these."""
MIDDLE = frozenset({"thi", "van"})
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_VOWEL = re.compile(r"[aeiouy]")
_LONGEST = 5
_WORDS = frozenset({"word", "surname", "name", "number"})


@dataclass(frozen=True, slots=True)
class Parted:
    """``unplaced``: the text in which each place is a ``1``; ``left``: offices, firms and what they are called too."""

    unplaced: str
    left: str


@lru_cache(maxsize=8192)
def parted(text: str) -> Parted:
    """What of a text is office words, places and firms; NFKC."""
    text = unicodedata.normalize("NFKC", text)
    tokens = list(_TOKEN.finditer(text))
    walk = _Walk([found[0].casefold() for found in tokens])
    spans: list[tuple[int, int, str]] = []
    while walk.at < len(tokens):
        count, what = walk.next()
        if what not in _WORDS:
            spans.append((tokens[walk.at].start(), tokens[walk.at + count - 1].end(), what))
        walk.at, walk.before = walk.at + count, what
    return Parted(_without(text, [one for one in spans if one[2] == "place"]), _without(text, spans))


@lru_cache(maxsize=8192)
def begins_as_a_name(left: str) -> bool:
    """Whether a surname or a middle name and another word stand side by side in what is left: ``Nguyen An``."""
    words = [folded(found[0]) for found in _TOKEN.finditer(left)]
    return any(one in SURNAMES | MIDDLE and two.isalpha() for one, two in pairwise(words))


def _without(text: str, spans: list[tuple[int, int, str]]) -> str:
    pieces, end = [], 0
    for start, stop, _ in spans:
        pieces.append(text[end:start])
        end = stop
    return " 1 ".join([*pieces, text[end:]])


class _Walk:
    """A text's words from left to right. ``before``: what the piece before was."""

    def __init__(self, spelt: list[str]) -> None:
        self.spelt, self.words = spelt, list(map(folded, spelt))
        self.at, self.before = 0, "start"

    def next(self) -> tuple[int, str]:
        """How many words the next piece has, and what it is. After a surname all is a name, up to the next number."""
        word = self.words[self.at]
        if word.isdigit():
            return 1, "number"
        if self.before in ("surname", "name"):
            return 1, "name"
        if count := self._place():
            return count, "place"
        if count := self._bare_place(word):
            return count, "named"
        trade = "firm" if self.before in ("firm", "named") else "office"
        for phrases, what in ((_FIRMS, "firm"), (_TRADES, trade), (_BUREAUS, "bureau"), (_OFFICE, "office")):
            count = self._longest(phrases)
            if count and (self.before != "word" or not _VOWEL.search(word)):  # after a word it may be its given name
                return count, what
        if count := self._exact() or self._counted(word):
            return count, "office"
        if count := self._firm_name(word):
            return count, "named"
        return 1, "surname" if word in SURNAMES else "word"

    def _longest(self, known: frozenset[tuple[str, ...]], after: int = 0, most: int = _LONGEST) -> int:
        """Words of the longest of these phrases that begins here, or some words on; 0: none."""
        at = self.at + after
        most = min(most, len(self.words) - at)
        return next((n for n in range(most, 0, -1) if tuple(self.words[at : at + n]) in known), 0)

    def _place(self) -> int:
        """``huyện An Dương``; ``huyện`` alone where its marks say so."""
        unit = self._longest(_UNITS)
        if not unit:
            return 0
        exact = " ".join(self.spelt[self.at : self.at + unit]) in UNITS
        sure = exact or tuple(self.words[self.at : self.at + unit]) in _PLAIN_UNITS
        name = self._longest(area_names(), unit, longest())
        return unit + name if name and (sure or self.before != "word") else unit if exact else 0

    def _bare_place(self, word: str) -> int:
        """``Hải Phòng`` after an office or a firm."""
        after_office = self.before in ("bureau", "firm", "named", "place") and word not in SURNAMES
        return self._longest(area_names(), most=longest()) if after_office else 0

    def _exact(self) -> int:
        return next((n for n in (2, 1) if " ".join(self.spelt[self.at : self.at + n]) in _EXACT), 0)

    def _counted(self, word: str) -> int:
        """``so 12``, ``nam 2026`` without marks: words that a number follows."""
        if not (self.at + 1 < len(self.words) and self.words[self.at + 1].isdigit()):
            return 0
        return int(word in _COUNTED or (word in _COUNTED_NAMES and self.before != "word"))

    def _firm_name(self, word: str) -> int:
        """One or two words after ``công ty``, unless they begin as a person's name does."""
        if self.before != "firm" or word in SURNAMES | MIDDLE:
            return 0
        follows = self.at + 1 < len(self.words) and self.words[self.at + 1].isalpha()
        return 2 if follows and not self._longest(_KNOWN, 1) else 1
