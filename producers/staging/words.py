"""What a refusal says, and how a line is called, without anything of a person in it: both go to Kafka."""

import hashlib
import re

from producers.validate.lines import plain_line

PLAIN_LINE = re.compile(r"[A-Za-z0-9._/#()\-]{1,20}")
SEPARATORS = re.compile(r"[.\s\-]")
LONG_NUMBER = re.compile(r"\d{9,}")
PERSONAL = (
    *("full_name", "insurance_number", "personal_number", "card_number", "birth_date", "job_title"),
    *("home_place", "address", "phone", "workplace"),
)


def line_name(line: str, secret: bytes) -> str:
    """The stated line (``01`` and ``1.0`` are ``1``), unless it could be a person's number or name (some lists count
    by card number): then a keyed hash of it, the same at every sending."""
    line = plain_line(line)
    if len(line) < 9 and line.isdigit():
        return line
    bare = SEPARATORS.sub("", line)
    if PLAIN_LINE.fullmatch(line) and not LONG_NUMBER.search(bare) and (len(bare) < 4 or any(map(str.isdigit, bare))):
        return line
    return "h" + hashlib.blake2b(line.encode(), digest_size=8, key=secret).hexdigest()


def sentence(file: str, place: str, vi: str, en: str) -> str:
    """``FILE, PLACE: Vietnamese / English``."""
    return f"{file}, {place}: {vi} / {en}" if place else f"{file}: {vi} / {en}"


def scrubbed(message: str, values: dict[str, str]) -> str:
    """The message with whatever the row states of its person taken out, should a reader have quoted it."""
    for name in PERSONAL:
        value = values.get(name, "")
        if len(value) > 3 and value in message:
            message = message.replace(value, "…")
    return message
