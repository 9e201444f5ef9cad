"""The member record as fields, and the blind indexes by which it is found without opening others.

An index is HMAC-SHA256 under the vault's secret, so a copy of the database tells neither names nor numbers. What it
does tell is which rows share a value; therefore a name is never indexed alone (the commonest names would show by their
frequency) but with the year of birth, and not at all where no year is known.
"""

import hashlib
import hmac
import re
import unicodedata

BY_HAND = "by_hand"
"""Reserved field: names of the fields that a clerk has set, separated by commas. Feeds do not overwrite those."""

YEAR = re.compile(r"(?:19|20)\d\d")
CENTURIES = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}
MARKS = {ord(mark): None for mark in "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323 \u00a0\t"} | {
    ord("đ"): "d",
    ord("Đ"): "d",
}
"""What a folded name goes without: tone marks, circumflex, breve, hook, horn, dot below, the bar of đ, and spaces."""


def stated_over(before: dict[str, str], stated: dict[str, str]) -> dict[str, str]:
    """The record after a feed stated something: the last statement stands, except over what a clerk set."""
    kept = before.get(BY_HAND)
    if not kept:
        return before | stated
    own = set(kept.split(","))
    return before | {name: value for name, value in stated.items() if name not in own}


def changes_between(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """Field -> [before, after] of each field that differs."""
    names = dict.fromkeys((*before, *after))
    return {
        name: [before.get(name, ""), after.get(name, "")]
        for name in names
        if name != BY_HAND and before.get(name, "") != after.get(name, "")
    }


def folded_name(name: str) -> str:
    """Without case, tone marks, hooks and spaces: ``Hoà`` and ``Hòa`` are one, and so are ``Đỗ`` and ``do``."""
    return unicodedata.normalize("NFD", name).translate(MARKS).casefold()


def birth_year(record: dict[str, str]) -> str:
    """Four digits from the stated date of birth, else from the personal number; empty when neither tells it."""
    found = YEAR.search(record.get("birth_date", ""))
    if found:
        return found[0]
    number = record.get("personal_number", "")
    century = CENTURIES.get(number[3:4]) if len(number) == 12 and number.isdecimal() else None
    return str(century + int(number[4:6])) if century is not None else ""


def name_index(name: str, year: str, secret: bytes) -> bytes | None:
    """32 bytes for a name and a year of birth; None where one of them is not known."""
    folded = folded_name(name) if year else ""
    return hmac.digest(secret, f"name:{folded}:{year}".encode(), hashlib.sha256) if folded else None


def card_index(card: str, secret: bytes) -> bytes | None:
    """32 bytes for a membership card's number; None for none."""
    bare = "".join(card.split())
    return hmac.digest(secret, f"card:{bare}".encode(), hashlib.sha256) if bare else None


def indexes_of(record: dict[str, str], secret: bytes) -> tuple[bytes | None, bytes | None]:
    """(name index, card index) of a record."""
    name, card = record.get("full_name", ""), record.get("card_number", "")
    return (
        name_index(name, birth_year(record), secret) if name else None,
        card_index(card, secret) if card else None,
    )
