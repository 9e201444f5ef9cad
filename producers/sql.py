"""SQL lives in files beside the code that runs it: ``query("producers.vault", "find_aliases")``."""

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def query(package: str, name: str) -> LiteralString:
    """Text of ``name.sql`` in a package. LiteralString: it comes from the code base, never from input."""
    return (files(package) / f"{name}.sql").read_text("utf-8")
