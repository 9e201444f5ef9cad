"""The SQL of this package, one statement a file."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str, *, package: str = "consumers.store") -> bytes:
    """The text of ``sql/NAME.sql``."""
    return (files(package) / "sql" / f"{name}.sql").read_bytes()
