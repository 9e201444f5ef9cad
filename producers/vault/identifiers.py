"""Numbers that name a person, as values and as the hashes under which the vault knows them."""

import hashlib
import hmac
from typing import Literal, NamedTuple

Kind = Literal["personal", "insurance", "id9"]
DIGITS: dict[int, Kind] = {12: "personal", 10: "insurance", 9: "id9"}
"""12 digits: personal number, since 2025-08-01 also the insurance number; 10: insurance; 9: old identity card."""


class Identifier(NamedTuple):
    """A checked number: digits only, of the length of its kind."""

    kind: Kind
    number: str


def hash_of(identifier: Identifier, secret: bytes) -> bytes:
    """HMAC-SHA256(secret, kind:number): 32 bytes. Without the secret, trying all numbers tells nothing."""
    return hmac.digest(secret, f"{identifier.kind}:{identifier.number}".encode(), hashlib.sha256)


def identifier_of(text: str) -> Identifier | None:
    """A number as somebody typed it, with spaces, dots or dashes; None when its length is that of no kind."""
    digits = text.translate(str.maketrans("", "", " .-\u00a0\n\r\t"))
    kind = DIGITS.get(len(digits)) if digits.isascii() and digits.isdecimal() else None
    return Identifier(kind, digits) if kind else None
