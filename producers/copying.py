"""COPY of many rows in PostgreSQL's text format, a tenth of the time of inserting them."""

from collections.abc import Iterable
from typing import LiteralString

import psycopg

SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, str):
        return value.translate(SPECIAL) if not value.isalnum() else value
    return str(value)


def escaped(text: str) -> str:
    """Text as the format writes it."""
    return text.translate(SPECIAL) if not text.isalnum() else text


def array_of(words: Iterable[str]) -> str:
    """Array literal of words that need no quotes (hexadecimal digits): a tenth of the time of adapting a list."""
    return "{" + ",".join(words) + "}"


def bytes_array(values: Iterable[bytes]) -> str:
    """Array literal of bytea."""
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


def copy_lines(connection: psycopg.Connection, statement: LiteralString, lines: str | bytes) -> None:
    """Run ``copy … from stdin`` over lines in the text format, each with its newline; or over bytes of the binary one,
    where the statement says ``format binary``."""
    with connection.cursor().copy(statement) as copy:
        copy.write(lines)


def copy_text(connection: psycopg.Connection, statement: LiteralString, rows: Iterable[Iterable[object]]) -> None:
    """Run ``copy … from stdin`` over the rows: None, bytes, str, int, float or bool (written ``True``)."""
    with connection.cursor().copy(statement) as copy:
        copy.write("".join("\t".join(map(_text, row)) + "\n" for row in rows))
