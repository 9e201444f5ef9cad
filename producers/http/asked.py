"""What may be asked of a new key; what may not is said in a sentence, in both languages."""

import re
from collections.abc import Collection
from datetime import datetime

from producers.areas import ShippedAreas
from producers.http.scope import FEEDS, WHOLE_REGISTERS
from producers.units.tax_code import place_of
from producers.validate.claims import RowFault
from producers.validate.fields import a_code

NAME = re.compile(r"\w[\w .,()/&-]{0,79}")
FASTEST = 100_000
"""Requests a minute."""


class KeyRefused(ValueError):
    """A key that can't be made or revoked as asked; the message says what is asked for, ``vi`` in Vietnamese."""

    def __init__(self, english: str, vi: str) -> None:
        super().__init__(english)
        self.vi = vi


def check_key(
    name: str,
    feeds: Collection[str],
    everywhere: bool,
    areas: Collection[str],
    enterprises: Collection[str],
    unions: Collection[str],
    per_minute: int,
    expires_at: datetime | None,
    now: datetime,
    known: ShippedAreas,
) -> None:
    """``KeyRefused`` for a key that can't be."""
    if not NAME.fullmatch(name):
        raise KeyRefused(
            "A key's name has 1 to 80 letters, digits, spaces or . , ( ) / & -. Name the software.",
            "Tên khóa có 1 đến 80 chữ, số, dấu cách hoặc . , ( ) / & -. Hãy ghi tên phần mềm.",
        )
    if not feeds or set(feeds) - set(FEEDS):
        raise KeyRefused(
            f"A key needs one or several feeds of: {', '.join(FEEDS)}.", "Hãy chọn ít nhất một loại dữ liệu được gửi."
        )
    if everywhere == bool(areas or enterprises or unions):
        raise KeyRefused(
            "Say what the key may speak for: areas, enterprises, unions; or everywhere, and nothing else.",
            "Hãy nêu phạm vi của khóa: địa bàn, doanh nghiệp, công đoàn; hoặc chỉ chọn toàn bộ.",
        )
    whole = [kind.value for kind in WHOLE_REGISTERS if kind.value in feeds]
    if whole and not everywhere:
        raise KeyRefused(
            f"{', '.join(whole)}: rows name subjects of anybody, so only a key for everywhere sends them.",
            "Sổ thỏa ước và sổ tổ chức Đảng nói về mọi đơn vị: chỉ khóa có phạm vi toàn bộ mới được gửi.",
        )
    if not 0 < per_minute <= FASTEST:
        raise KeyRefused(
            f"The rate is 1 to {FASTEST:,} requests a minute.", f"Tốc độ từ 1 đến {FASTEST} lần gửi mỗi phút."
        )
    _check_scope(areas, enterprises, unions, known)
    if expires_at is not None and expires_at <= now:
        raise KeyRefused(
            f"The key would expire before it is made ({expires_at.date()}). Give a later day.",
            "Ngày hết hạn phải sau hôm nay.",
        )


def _check_scope(
    areas: Collection[str], enterprises: Collection[str], unions: Collection[str], known: ShippedAreas
) -> None:
    for code in enterprises:
        if place_of(code) is None or len(code) != 10:
            raise KeyRefused(
                f"enterprise {code[:20]!r}: give the 10-digit tax code; its branches are part of it.",
                f"Doanh nghiệp {code[:20]!r}: hãy ghi mã số thuế 10 chữ số; chi nhánh đã nằm trong đó.",
            )
    for code in areas:
        if not known.is_area(code):
            raise KeyRefused(
                f"area {code[:20]!r} is no province or ward of today: see mobility areas list.",
                f"Địa bàn {code[:20]!r} không phải mã tỉnh, xã, phường hiện nay.",
            )
    for code in unions:
        try:
            a_code({"union_code": code}, "union_code")  # what a register can't state, a key would name for nothing
        except RowFault:
            raise KeyRefused(
                "A union code has 1 to 40 letters, digits, . / -, and is no person's name or number.",
                "Mã công đoàn có 1 đến 40 chữ, số, dấu . / -, và không phải họ tên hay số của một người.",
            ) from None
