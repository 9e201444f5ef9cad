"""Loaded areas, for both that need them: figures by area in the store, codes that the intake lets pass."""

from typing import Any

import psycopg

from consumers.store import areas
from producers.areas import Area, known


def load(connection: psycopg.Connection[Any], found: areas.Areas) -> dict[str, int]:
    """Add rows, or restate those that are there; gives how many of each kind the file has. Commit is the caller's."""
    known.load(connection, [_known(row) for row in found.areas])
    return areas.load(connection, found)


def _known(row: areas.AreaRow) -> Area:
    """The row of the store as the intake keeps it."""
    _, code, level, _, _, parent, _, first, last = row
    return Area(code, level, parent, first.isoformat() if first else "", last.isoformat() if last else "")
