"""JSON as it arrives: valid, UTF-8, and every name of an object stated once."""

import json
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from producers.http.problems import Problem

SHOWN = 20
"""Positions of what is wrong that are told."""


class _Doubled(list[tuple[str, Any]]):
    """The names and values of an object that states a name twice."""


def decoded(raw: bytes, known: Collection[str]) -> Any:
    """The value. ``Problem``: ``empty``, ``not-json``, ``doubled-name``.

    ``known``: names that may be told; any other, which may be of somebody, is told by its position. JSON lets the last
    of two equal names win, so what the first one said would be lost behind a 202. A byte order mark is passed over, as
    RFC 8259, section 8.1 lets a reader do: some editors and spreadsheets put it.
    """
    raw = raw.removeprefix(BOM_UTF8)
    if not raw.strip():
        raise Problem("empty")
    try:
        value = msgspec.json.decode(raw)
        places = _doubled_in(raw, known)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Problem("not-json") from None
    if places:
        raise Problem("doubled-name", tuple(places[:SHOWN]))
    return value


def _doubled_in(raw: bytes, known: Collection[str]) -> list[str]:
    found = False

    def kept(pairs: list[tuple[str, Any]]) -> Any:
        nonlocal found
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        found = True
        return _Doubled(pairs)

    value = json.loads(raw, object_pairs_hook=kept)
    return list(_places(value, "", known)) if found else []


def _places(value: Any, place: str, known: Collection[str]) -> Iterator[str]:
    """Where a name is stated again: ``rows[3].from_month``, or ``rows[3].(2)`` for the second name there."""
    if isinstance(value, dict | _Doubled):
        before = set[str]()
        for number, (name, inner) in enumerate(value.items() if isinstance(value, dict) else value):
            at = f"{place}.{name if name in known else f'({number + 1})'}".lstrip(".")
            if name in before:
                yield at
            before.add(name)
            yield from _places(inner, at, known)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, f"{place}[{number}]", known)
