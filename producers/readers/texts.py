"""Text as stated: cleaned for storing, folded for comparing."""

import re
import unicodedata
from functools import lru_cache


def clean(text: str) -> str:
    """NFC, without control and format characters, with every kind of white space as a space, stripped.

    Names arrive decomposed from some writers and composed from others; both must be the same text.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text.strip()
    kept = [" " if ch.isspace() else ch for ch in text if ch.isspace() or unicodedata.category(ch) not in ("Cc", "Cf")]
    return "".join(kept).strip()


_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Letters and digits only, lower case, without marks: ``Mã số thuế (*)`` and ``ma_so_thue`` are ``masothue``.

    Dropping every mark also settles tone placement (hoà, hòa).
    """
    text = text[:300]
    if not text.isascii():
        text = unicodedata.normalize("NFD", text)
    return _OTHER.sub("", text.casefold().replace("đ", "d"))


def shown(text: str) -> str:
    """A header or file name as it may be shown: one line, 60 characters, long digit runs masked.

    A file without a header has persons in its first row; their numbers must not reach a message.
    """
    return re.sub(r"[0-9]{6,}", "…", clean(text))[:60]
