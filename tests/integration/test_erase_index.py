"""Erasing a person costs that person's rows, not the city's: every statement finds them by an index."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import ClientCursor

from consumers.store import prepare_database
from mobility.persons import open_units
from producers.migrations import migrate
from producers.sql import query

pytestmark = pytest.mark.services

ROWS = 120_000
WHO = f"{77:032x}"

FILL = """
create function pg_temp.person(n int) returns uuid language sql immutable
    as $$ select lpad(to_hex(n), 32, '0')::uuid $$;
insert into store.person_units select pg_temp.person(n), 'e' || n % 5000, 1, 0 from generate_series(1, {rows}) n;
insert into store.waiting
    select n % 4, n, pg_temp.person(n), 'e' || n % 5000, '2030-01-01', -1, -1, 0 from generate_series(1, {rows}) n;
insert into vault.persons (id, wrapped_key, minted_at, recorded_at)
    select pg_temp.person(n), 'k', now(), now() from generate_series(1, {rows}) n;
insert into vault.aliases select int4send(n), pg_temp.person(n), 'personal', '2026-01-01', now(), 's'
    from generate_series(1, {rows}) n;
insert into vault.codes select pg_temp.person(-n), pg_temp.person(n), 'c' from generate_series(1, {rows}) n;
insert into vault.versions (person, changed, by, why, at)
    select pg_temp.person(n), 'c', 'clerk', 'w', now() from generate_series(1, {rows}) n;
insert into vault.positions select pg_temp.person(-n), pg_temp.person(n), 'h' from generate_series(1, {rows}) n;
insert into vault.merges
    select pg_temp.person(-n), pg_temp.person(n), 'clerk', 'w', now(), pg_temp.person(-n), '{{}}', true
    from generate_series(1, {rows}) n;
insert into vault.distinct_pairs select pg_temp.person(n), pg_temp.person(n + 1), 'clerk', now()
    from generate_series(1, {rows}) n;
"""
ERASED = ("aliases", "codes", "versions", "positions", "merges", "pairs", "persons")


@pytest.fixture(scope="module")
def dsn(fresh_database: str) -> Iterator[str]:
    """A city of persons in the store and in the vault; nothing is sealed, for nothing is opened."""
    prepare_database(fresh_database)
    with psycopg.connect(fresh_database, autocommit=True) as line:
        migrate(line)
        line.execute(FILL.format(rows=ROWS).encode())
        line.execute("analyze")
    yield fresh_database


def plan(dsn: str, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes of what PostgreSQL did; it is rolled back."""
    with psycopg.connect(dsn, cursor_factory=ClientCursor) as line:
        text = f"explain (analyze, format json) {statement}"
        row = line.execute(text.encode(), values).fetchone()
        line.rollback()
    assert row is not None
    nodes, left = [], [row[0][0]["Plan"]]
    while left:
        nodes.append(left.pop())
        left += nodes[-1].get("Plans", [])
    return nodes


def touched(nodes: list[dict[str, Any]]) -> float:
    """Rows that were read, those that did not fit included."""
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes
        if "Scan" in node["Node Type"]
    )


def test_what_a_person_holds_is_found_by_the_person(dsn: str) -> None:
    nodes = plan(dsn, query("mobility", "find_open_units"), {"person": WHO})
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    assert touched(nodes) <= 10


@pytest.mark.parametrize("table", ERASED)
def test_what_is_erased_is_found_by_the_person(dsn: str, table: str) -> None:
    nodes = plan(dsn, query("producers.members", f"erase_{table}"), {"ids": [WHO]})
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    assert touched(nodes) <= 10


def test_a_leave_or_a_start_from_a_day_to_come_still_holds_the_person(dsn: str) -> None:
    leaves, starts, gone, nobody = (f"{n:032x}" for n in (0xA1, 0xA2, 0xA3, 0xA4))
    with psycopg.connect(dsn) as line:
        line.execute("delete from store.person_units where person = any(%s::uuid[])", ([leaves, starts, gone],))
        line.execute("delete from store.waiting where person = any(%s::uuid[])", ([leaves, starts, gone],))
        held = [(leaves, "e1", 1, 0), (gone, "e1", 0, 0), (gone, "u1", 0, 0)]
        coming = [(0, 10**9, leaves, "e1", -1, 0), (0, 10**9 + 1, starts, "u2", 0, 1)]
        line.cursor().executemany("insert into store.person_units values (%s, %s, %s, %s)", held)
        line.cursor().executemany("insert into store.waiting values (%s, %s, %s, %s, '2030-01-01', %s, 0, %s)", coming)
    assert open_units(dsn, leaves) == ["e1"], "counted until the day comes"
    assert open_units(dsn, starts) == ["u2"]
    assert open_units(dsn, gone) == []
    assert open_units(dsn, f"{0xFFFFFFF:032x}") == []
    assert open_units(dsn, nobody), "one of the city, untouched"
