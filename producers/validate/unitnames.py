"""Whether what stands where a unit's code belongs may be kept in clear: a person's name or number must not."""

import re
import unicodedata
from collections.abc import Mapping

from producers.units.tax_code import place_of
from producers.validate.personal import holds_number_of, is_personal

UNIT_CODE = re.compile(r"[A-Z]{2,3}[0-9]{3,6}[A-Z]?")
"""Codes of the social insurance as its forms print them; a register may state others, which are then not quoted."""
_SEPARATORS = re.compile(r"[\s.\-_/]")
_LONG = 9
"""Digits of an old identity card: no number of a person is shorter."""


def reads_as_unit(text: str, values: Mapping[str, str]) -> bool:
    """Whether it is a valid tax code or looks like a unit code, and is no number of the row's own person.

    ``values``: the row that states it, empty where there is none.
    """
    return (place_of(text) is not None or bool(UNIT_CODE.fullmatch(text))) and not holds_number_of(text, values)


def names_a_unit(text: str) -> bool:
    """Whether a sender's ``unit`` for a whole file may be one: a tax code, a unit code, or (of members) a union's code.

    Codes of unions have no common shape, so all passes but names and numbers of persons: what a register may not state
    as its code, nine digits and more that are no tax code, a word with marks in small letters.
    """
    if place_of(text) is not None:
        return True
    plain = unicodedata.normalize("NFKC", text)
    bare = _SEPARATORS.sub("", plain)
    number = bare.isdigit() and len(bare) >= _LONG
    word = bare.isalpha() and not bare.isascii() and not bare.isupper()
    return not (number or word or is_personal(plain, {}))


def shown_unit(text: str) -> str:
    """The code behind a space, for a sentence; empty when it could be anything."""
    return f" {text}" if reads_as_unit(text, {}) else ""
