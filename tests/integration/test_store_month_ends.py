"""Month-ends are frozen once, as known at the tick's place on the log, and come out the same from another reading."""

import asyncio
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.store import published, reset
from consumers.store.month_ends import GRACE_DAYS, Place, Tick, places
from streams.units import clock
from tests.integration import store_records as make
from tests.integration.store_history import NONE, Figures, History, plus
from tests.integration.store_kit import PARTITIONS, Kit, kit
from tests.integration.test_store_time import _load, database
from tests.services import endpoints

__all__ = ["database", "endpoints", "kit"]

FIRM, UNION = "e0200000001", "u31/07"


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_tick_that_reaches_30_days_closes_a_month_end() -> None:
    march = Place(day("2026-03-31"), 7, day("2026-04-30"))
    assert places([Tick(7, day("2026-04-30"))], day("2026-04-29")) == [march]
    assert places([Tick(7, day("2026-04-29"))], day("2026-04-28")) == []
    assert places([Tick(9, day("2026-05-01"))], day("2026-04-30")) == []
    assert places([Tick(7, day("2026-04-30")), Tick(8, day("2026-04-30"))], day("2026-04-01")) == [march]


def test_a_leap_over_months_closes_all_of_them_and_the_first_tick_none_before() -> None:
    closed = [day("2026-01-31"), day("2026-02-28"), day("2026-03-31")]
    assert [one.month_end for one in places([Tick(1, day("2026-05-15"))], day("2026-02-20"))] == closed
    assert places([Tick(1, day("2026-05-15"))], None) == []
    assert [one.month_end for one in places([Tick(1, day("2026-04-30"))], None)] == [day("2026-03-31")]


def test_a_month_end_is_published_on_the_tick_on_which_alerts_look_at_it() -> None:
    assert GRACE_DAYS == clock.GRACE


class Expected:
    """By plain summing over the log: of each partition what lies before the tick."""

    def __init__(self, history: History) -> None:
        self.before: dict[date, list[int]] = {}
        logs = [[msgspec.json.decode(one.value or b"")["data"] for one in log] for log in history.log]
        found: list[dict[date, int]] = []
        for log in logs:
            clock, closes = None, {}
            for offset, data in enumerate(log):
                if data["kind"] != "clock" or (clock is not None and day(data["day"]) <= clock):
                    continue
                now = day(data["day"])
                since = now if clock is None else clock + timedelta(days=1)
                for back in range((now - since).days + 1):
                    due = since + timedelta(days=back - 30)
                    if (due + timedelta(days=1)).day == 1:
                        closes[due] = offset
                clock = now
            found.append(closes)
        for month_end in set.intersection(*(set(closes) for closes in found)):
            self.before[month_end] = [closes[month_end] for closes in found]
        self.logs, self.keys = logs, [[(one.key or b"").decode() for one in log] for log in history.log]

    def counts(self, month_end: date) -> tuple[dict[str, Figures], set[str], set[str]]:
        """Figures by unit, persons with a spell, members; before anything is dissolved."""
        units: dict[str, Figures] = {}
        held: dict[tuple[str, str], Figures] = {}
        for log, keys, end in zip(self.logs, self.keys, self.before[month_end], strict=True):
            for data, key in zip(log[:end], keys[:end], strict=True):
                if data["kind"] == "effect":
                    due = day(data["day"]) <= month_end
                    figures = (data["workers"], data["present"], data["members"]) if due else NONE
                    units[key] = plus(units.get(key, NONE), figures)
                    held[data["person"], key] = plus(held.get((data["person"], key), NONE), figures)
                elif data["kind"] == "mark":
                    units.setdefault(key, NONE)
        persons = {who for (who, unit), sums in held.items() if unit[0] == "e" and sums[0] > 0}
        members = {who for (who, unit), sums in held.items() if unit[0] == "u" and sums[2] > 0}
        return units, persons, members


FROZEN = "select month_end, unit, workers, present, members from store.month_end_units"
CITY = "select month_end, workers, persons, members from store.month_ends"
ALL = "select t::text from store.month_ends t union all select t::text from store.month_end_units t order by 1"


@pytest.mark.services
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_frozen_figures_equal_the_log_before_the_tick_whatever_the_batches(database: str, seed: int) -> None:
    history = History(Random(seed))
    history.grow(history.chance.choice([20, 60, 200]))
    for number in range(4):  # so that some month-ends are passed everywhere
        history.grow(20)
        for at in range(PARTITIONS):
            history.log[at] += make.ticks(str(day("2026-03-01") + timedelta(days=31 * number)), range(at, at + 1))
    expected = Expected(history)
    reset(database)
    asyncio.run(_load(database, history.chunks()))
    with psycopg.connect(database) as line:
        first = line.execute(ALL).fetchall()
        rows = {(end, unit): tuple(figures) for end, unit, *figures in line.execute(FROZEN)}
        city = {end: tuple(map(int, figures)) for end, *figures in line.execute(CITY)}
    assert set(city) == set(expected.before)
    for month_end in expected.before:
        units, persons, members = expected.counts(month_end)
        standing = {unit for end, unit in rows if end == month_end}
        assert {unit: rows[month_end, unit] for unit in standing} == {unit: units[unit] for unit in standing}
        gone = set(units) - standing
        assert city[month_end][0] == sum(one[0] for unit, one in units.items() if unit[0] == "e" and unit not in gone)
        assert city[month_end][2] == len(members)
        if not any(unit[0] == "e" for unit in gone):
            assert city[month_end][1] == len(persons)
    reset(database)
    asyncio.run(_load(database, history.chunks()))  # cut elsewhere
    with psycopg.connect(database) as line:
        assert line.execute(ALL).fetchall() == first


def story() -> list[Any]:
    """Twenty at work in January, one of them reported after the month-end was published."""
    work = [make.effect(FIRM, f"p{n}", "2026-01-05", (1, 1, int(n < 5))) for n in range(19)]
    return [
        *make.ticks("2026-02-10"),
        make.mark(FIRM, "described", "2026-01-01", detail={"name": "Một", "area_code": "10507"}),
        *work,
        make.effect(UNION, "p0", "2026-01-05", (0, 0, 1)),
        *make.ticks("2026-03-02"),
        make.effect(FIRM, "late", "2026-01-31"),
        *make.ticks("2026-03-30"),
    ]


@pytest.mark.services
def test_published_stays_and_the_difference_is_shown(kit: Kit) -> None:
    kit.start()
    kit.take(story())
    with kit.connect() as line:
        assert published.month_ends(line) == [day("2026-02-28"), day("2026-01-31")]
        january = published.month(line, day("2026-01-31"))
        february = published.month(line, day("2026-02-28"))
        assert published.month(line, day("2026-03-31")) is None
    assert january is not None
    assert february is not None
    figures = {"enterprises": 1, "workers": 19, "persons": 19, "members": 1, "watched": 0, "with_union": 0}
    assert (january["month"], january["published_on"], january["previous"]) == ("2026-01", "2026-03-02", None)
    assert january["published"] == figures
    assert january["now"] == figures | {"workers": 20, "persons": 20, "watched": 1}
    assert january["difference"] == dict.fromkeys(figures, 0) | {"workers": 1, "persons": 1, "watched": 1}
    (unit,) = january["units"]
    assert (unit["tax_code"], unit["name"], unit["difference"]["workers"]) == (FIRM[1:], "Một", 1)
    assert february["published"]["workers"] == 20
    assert february["units"] == []
    assert february["previous"]["published"] == figures
    assert february["previous"]["difference"]["workers"] == 1
    assert february["previous"]["revised"] == january["difference"]


@pytest.mark.services
def test_a_month_end_waits_for_every_partition(kit: Kit) -> None:
    kit.start()
    kit.take([*make.ticks("2026-02-10"), *make.ticks("2026-03-02", range(PARTITIONS - 1))])
    assert kit.rows("select * from store.month_ends") == []
    kit.take(make.ticks("2026-03-02", range(PARTITIONS - 1, PARTITIONS)))
    assert kit.rows("select month_end, published_on from store.month_ends") == [(day("2026-01-31"), day("2026-03-02"))]
