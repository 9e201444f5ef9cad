"""Words of the page in two languages, all in ``labels.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, Language]] = ("vi", "en")
"""Vietnamese first: it is also what a browser sees that has not chosen."""


@cache
def labels() -> dict[str, tuple[str, str]]:
    """By ``group.name``: Vietnamese, English."""
    groups = tomllib.loads((files("consumers.watch") / "labels.toml").read_text("utf-8"))
    return {f"{group}.{name}": (said[0], said[1]) for group, names in groups.items() for name, said in names.items()}


def label(language: Language, key: str, **facts: object) -> str:
    """One label. ``facts`` fill its braces. Raises KeyError for one that is not in the file."""
    said = labels()[key][LANGUAGES.index(language)]
    return said.format(**facts) if facts else said


def word(language: Language, group: str, value: str) -> str:
    """The label of a value from the log; a value that has none, such as a newer rule's, is shown as it is."""
    return label(language, f"{group}.{value}") if f"{group}.{value}" in labels() else value
