"""Lines of PostgreSQL's COPY text format, by hand: three times as fast as handing over values one by one."""

from collections.abc import Iterable

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def text(value: str) -> str:
    """Any text as one field."""
    return value if value.isalnum() else value.translate(_ESCAPES)


def day(value: str) -> str:
    """A day, or null where it is empty."""
    return text(value) or NULL


def flag(value: bool) -> str:
    """A boolean."""
    return "t" if value else "f"


def array(values: Iterable[str]) -> str:
    """A ``text[]``."""
    quoted = ('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return text("{" + ",".join(quoted) + "}")
