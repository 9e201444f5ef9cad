"""Counts and city figures in SQL equal plain sums over the effects: today, and on any day as known at any instant."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.store import prepare_database, queries, reset
from consumers.store.chunks import Chunk, Raw
from consumers.store.stage import stage
from consumers.store.write import prepare, write
from deploy.local import Endpoints
from schemas.topics import CHANGES, STATUS
from tests.integration import store_records as make
from tests.integration.store_history import NONE, History
from tests.integration.store_kit import PARTITIONS, new_database

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def database(endpoints: Endpoints) -> Iterator[str]:
    """Migrated, its offsets at 0."""
    with new_database(endpoints.postgres) as dsn:
        prepare_database(dsn)
        with psycopg.connect(dsn) as line:
            for topic in (CHANGES, STATUS):
                for number in range(PARTITIONS):
                    line.execute("insert into store.offsets values (%s, %s, 0)", [topic, number])
            line.cursor().executemany("insert into store.clock values (%s)", [[n] for n in range(PARTITIONS)])
        yield dsn


async def _load(dsn: str, batches: list[list[Chunk]]) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as line:
        await prepare(line)
        for batch in batches:
            await write(line, stage(batch))


def load(dsn: str, history: History) -> dict[str, date]:
    """Into an empty store; also the live state of the units, of which some are dissolved: their days by unit."""
    reset(dsn)
    asyncio.run(_load(dsn, history.chunks()))
    gone = {unit: date(2026, 2, 2) for unit in history.units if unit[0] == "e" and history.chance.random() < 0.3}
    sums = history.counts(None, None)
    states = []
    for unit in history.units:
        workers, present, members = NONE if unit in gone else sums.get(unit, NONE)
        ended = str(gone.get(unit, ""))
        figures = {"workers": workers, "present": present, "members": members}
        states.append(make.status(unit, 1, **figures, dissolved_on=ended))
    raw = [Raw(offset, one.key, one.value) for offset, one in enumerate(states)]
    asyncio.run(_load(dsn, [[Chunk(STATUS, 0, 0, len(raw), raw)]]))
    return gone


def grown(seed: int) -> History:
    history = History(Random(seed))
    history.grow(history.chance.choice([5, 60, 200]))
    return history


seeds = st.integers(0, 2**32)
enough = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@enough
@given(seed=seeds)
def test_todays_sums_and_city_figures_equal_the_effects_that_are_due(database: str, seed: int) -> None:
    history = grown(seed)
    gone = load(database, history)
    with psycopg.connect(database) as line:
        counted = {row[0]: row[1:] for row in line.execute("select * from store.unit_counts").fetchall()}
        wanted = {unit: figures for unit, figures in history.counts(None, None).items() if figures != NONE}
        assert {unit: figures for unit, figures in counted.items() if figures != NONE} == wanted
        held = {
            (person.hex, unit): (workers, members)
            for person, unit, workers, members in line.execute("select * from store.person_units").fetchall()
        }
        sums = {at: (figures[0], figures[2]) for at, figures in history.held(None, None).items()}
        assert {at: two for at, two in held.items() if two != (0, 0)} == {
            at: two for at, two in sums.items() if two != (0, 0)
        }
        several = {person.hex for (person,) in line.execute("select person from store.persons_in_several").fetchall()}
        spells, unions = (
            Counter(who for (who, unit), figures in sums.items() if figures[place] > 0 and unit.startswith(kind))
            for place, kind in ((0, "e"), (1, "u"))
        )
        assert several == {who for who in spells | unions if spells[who] > 1 or unions[who] > 1}
        totals = queries.totals(line)
    persons, members = history.persons_and_members(None, None, set(gone))
    standing = [unit for unit in history.units if unit[0] == "e" and unit not in gone]
    assert totals == {
        "enterprises": len(standing),
        "workers": sum(history.counts(None, None).get(unit, NONE)[0] for unit in standing),
        "persons": persons,
        "members": members,
    }


@enough
@given(seed=seeds)
def test_any_day_as_known_at_any_instant_equals_the_effects_by_then(database: str, seed: int) -> None:
    history = grown(seed)
    load(database, history)
    instants = [one.at for one in (*history.effects, *history.marks)] or [history.now]
    with psycopg.connect(database) as line:
        for _ in range(6):
            valid_at = history.day(130)
            known_at = history.chance.choice(instants) - history.chance.choice(
                [timedelta(0), timedelta(milliseconds=1)]
            )
            check_then(line, history, valid_at, known_at)


def check_then(line: "psycopg.Connection[Any]", history: History, valid_at: date, known_at: datetime) -> None:
    rows = line.execute("select * from store.counts(%s, %s)", [valid_at, known_at]).fetchall()
    assert {row[0]: tuple(map(int, row[1:])) for row in rows} == history.counts(valid_at, known_at)
    said = {unit: history.said(unit, valid_at, known_at) for unit in history.known(known_at)}
    gone = {unit for unit, one in said.items() if one.dissolved_on}
    row = line.execute("select * from store.persons(%s, %s)", [valid_at, known_at]).fetchone()
    assert row == history.persons_and_members(valid_at, known_at, {unit for unit in gone if unit[0] == "e"})
    columns = "agreement, party, successors, unit"
    for agreement, party, successors, unit in line.execute(
        f"select {columns} from store.said(%s, %s)".encode(), [valid_at, known_at]
    ):
        one = said[unit]
        assert (agreement, party, successors) == (one.agreement, one.party, one.successors), unit
    check_status(line, history, valid_at, known_at)


def check_status(line: "psycopg.Connection[Any]", history: History, valid_at: date, known_at: datetime) -> None:
    counts = history.counts(valid_at, known_at)
    enterprises, workers = 0, 0
    units = {kind: queries.status(line, unions=kind == "u", valid_at=valid_at, known_at=known_at) for kind in "eu"}
    shown = {"e": units["e"]["enterprises"], "u": units["u"]["unions"]}
    for kind, code in (("e", "tax_code"), ("u", "union_code")):
        wanted = []
        for unit in (unit for unit in history.known(known_at) if unit[0] == kind):
            said = history.said(unit, valid_at, known_at)
            sums = counts.get(unit, NONE)
            live = NONE if said.dissolved_on else sums
            named = {code: said.stated.get(code, unit[1:]), "name": said.stated.get("name", "")}
            row = {**named, "members": live[2], "version": 1}
            if kind == "e":
                baseline, partial = said.baseline, bool(said.covers) and not any(said.covers.values())
                row |= {"workers": live[0], "present": live[1], "unions": sorted(said.covers), "baseline": baseline}
                row |= {"partial_cover": partial, "area_code": said.stated.get("area_code", "")}
                enterprises, workers = enterprises + (not said.dissolved_on), workers + live[0]
            if said.dissolved_on:
                row["dissolved_on"] = str(date.fromordinal(said.dissolved_on))
                row["unclosed"] = sums[0] if kind == "e" else sums[2]
            wanted.append(row)
        assert sorted(shown[kind], key=repr_of) == sorted(wanted, key=repr_of)
    totals = units["e"]["totals"]
    assert (totals["enterprises"], totals["workers"]) == (enterprises, workers)


def repr_of(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))
