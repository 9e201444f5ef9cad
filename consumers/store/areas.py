"""Areas in the store: loading files of them, listing them, and figures by area. Meaning, rules 15 and 16."""

import hashlib
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row

from consumers.store.area_files import BOUNDARIES, AreaFileError, AreaRow, Areas, read, read_path
from consumers.store.statements import statement

Row = dict[str, Any]

_STATEMENTS = {
    "areas": "insert into store.areas values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (scheme, code) do update "
    "set level = excluded.level, name = excluded.name, unit_type = excluded.unit_type, parent = excluded.parent, "
    "province = excluded.province, valid_from = excluded.valid_from, valid_to = excluded.valid_to",
    "links": "insert into store.area_links values (%s, %s) on conflict do nothing",
    "members": "insert into store.area_members values (%s, %s) on conflict do nothing",
}


def load(connection: Connection[Any], found: Areas) -> dict[str, int]:
    """Add rows, or restate those that are there; gives how many of each kind the file has.

    A crosswalk restates all links of its old wards; groupings restate all their wards, and a ward leaves the grouping
    that it was in before.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("delete from store.area_links where old = any (%s)", [[old for old, _ in found.links]])
        cursor.execute(
            "delete from store.area_members where grouping = any (%s) or ward = any (%s)",
            [[group for group, _ in found.members], [ward for _, ward in found.members]],
        )
        counts = {}
        for name, query in _STATEMENTS.items():
            rows = getattr(found, name)
            if rows:
                cursor.executemany(query.encode(), rows)
            counts[name] = len(rows)
        cursor.execute("refresh materialized view store.area_readings")
        cursor.execute("analyze store.area_readings")
    return counts


def load_shipped(dsn: str) -> list[str]:
    """The files of ``schemas/areas`` that have not been loaded in their present form; gives their names.

    Raises psycopg.Error.
    """
    loaded = []
    folder = files("schemas") / "areas"
    with psycopg.connect(dsn) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtextextended('areas of the store', 0))")
        known: dict[str, str] = dict(connection.execute("select name, sha256 from store.area_files").fetchall())
        for one in sorted((one for one in folder.iterdir() if one.name.endswith(".csv")), key=lambda one: one.name):
            content = one.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            if known.get(one.name) == sha256:
                continue
            load(connection, read(one.name, content.decode("utf-8")))
            connection.execute(
                "insert into store.area_files (name, sha256) values (%s, %s) "
                "on conflict (name) do update set sha256 = excluded.sha256, loaded_at = now()",
                [one.name, sha256],
            )
            loaded.append(one.name)
    return loaded


def listed(connection: Connection[Any], at: date | None = None, scheme: str | None = None) -> list[Row]:
    """All areas, or those valid on a day, by boundary set and code."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement("read_areas"), {"at": at, "scheme": scheme}).fetchall()


def by_area(
    connection: Connection[Any], boundaries: str, *, valid_at: date, known_at: datetime | None = None
) -> list[Row]:
    """Figures of each area of a boundary set on a day; the area None is ``unassigned``: not stated, or not certain.

    Ratios are ``{"numerator", "denominator", "percent"}``; both of the latter are None where the denominator is not
    known (rule 16), and ``unknown`` tells how many enterprises have not stated whether they are eligible.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            statement("read_area_counts"),
            {"boundaries": boundaries, "valid_at": valid_at, "known_at": known_at or datetime.max.replace(year=9000)},
        ).fetchall()
    return [_shown(row) for row in rows]


def _shown(row: Row) -> Row:
    plain = {name: row[name] for name in ("area", "name", "enterprises", "workers", "present", "members")}
    return plain | {
        "density": ratio(row["members"], row["workers"]),
        "coverage": ratio(row["with_union"], row["watched"]),
        "agreement": _of_eligible(row["agreement_signed"], row["agreement_eligible"], row["agreement_unknown"]),
        "party": _of_eligible(row["party_founded"], row["party_eligible"], row["party_unknown"]),
    }


def ratio(numerator: int, denominator: int) -> Row:
    """A percentage with what it is made of, to one decimal; of nothing there is none."""
    percent = round(100 * numerator / denominator, 1) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "percent": percent}


def _of_eligible(numerator: int, eligible: int, unknown: int) -> Row:
    if unknown:
        return {"numerator": numerator, "denominator": None, "percent": None, "eligible": eligible, "unknown": unknown}
    return ratio(numerator, eligible) | {"eligible": eligible, "unknown": 0}


__all__ = [
    "BOUNDARIES",
    "AreaFileError",
    "AreaRow",
    "Areas",
    "by_area",
    "listed",
    "load",
    "load_shipped",
    "ratio",
    "read",
    "read_path",
]
