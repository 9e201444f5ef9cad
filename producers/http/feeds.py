"""Feeds that are taken as JSON rows: their fields, described in two languages, with an example."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from producers.readers import FeedKind
from producers.readers.cells import YES_NO
from producers.readers.vocabulary import NAMES

LEFT_OUT = frozenset({"movement_label"})
"""Columns of workbooks that say the same as another one in words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row. ``yes_no``: true and false are taken as well."""

    name: str
    vi: str
    en: str
    example: str
    yes_no: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """``route``: its name in addresses."""

    route: str
    kind: FeedKind
    vi: str
    en: str
    fields: tuple[Field, ...]

    @property
    def example(self) -> dict[str, str]:
        """A row as it is meant."""
        return {one.name: one.example for one in self.fields if one.example and one.name != "unit_code"}


@cache
def feeds() -> dict[str, Feed]:
    """Route → feed. The names are those that the readers know (``producers.readers.vocabulary``)."""
    said: dict[str, Any] = tomllib.loads((files("producers.http") / "fields.toml").read_text("utf-8"))
    found = {}
    for route, feed in said["feeds"].items():
        kind = FeedKind(feed["kind"])
        known = {name: titles for name, titles in NAMES[kind].items() if name not in LEFT_OUT}
        fields = tuple(_field(name, titles, said["texts"]) for name, titles in known.items())
        found[route] = Feed(route, kind, feed["vi"], feed["en"], fields)
    return found


def _field(name: str, titles: str, texts: dict[str, list[str]]) -> Field:
    """Where the table has nothing to add, the field is described by its column's title."""
    vi, en, example = texts.get(name) or (titles.partition("|")[0], name.replace("_", " "), "")
    return Field(name, vi, en, example, yes_no=name in YES_NO)
