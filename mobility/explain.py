"""Explain: the facts behind every unit of a count, to the dossier's line; asked of the store, page by page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, IsolationLevel

from consumers.store import explain, findings, queries, trail
from mobility.errors import MobilityError

AT_A_TIME = 1000
"""Persons read at a time: some 5 MB of facts."""


@dataclass(frozen=True)
class Explanation:
    """What stands behind a unit's count: ``head`` at once, ``persons`` as they are read, ``tail`` after them."""

    head: dict[str, Any]
    persons: Iterator[dict[str, Any]]
    tail: dict[str, Any]


@contextmanager
def one_moment(dsn: str) -> Iterator[Connection[Any]]:
    """A connection on which all pages are of one moment."""
    with psycopg.connect(dsn, application_name="mobility explain") as connection:
        connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
        yield connection


def explain_unit(
    connection: Connection[Any],
    code: str,
    *,
    valid_at: date | None = None,
    known_at: datetime | None = None,
    limit: int | None = None,
    after: UUID | None = None,
) -> Explanation:
    """Everyone who counts there on the day (the clock's unless said), as known then; ``limit`` None: all of them.

    A dissolved unit counts nobody, as in ``status``: its persons are those left open, ``unclosed`` of them.
    ``as_of`` of the head is the instant to ask the next page about, so that pages are of one state of knowledge.
    Raises MobilityError for a code that nobody has stated, and where there is no day yet.
    """
    unit = explain.unit_of(connection, code)
    if unit is None:
        raise MobilityError(f"Not known: {code}. Say the tax code of an enterprise or the code of a union.")
    day = valid_at or queries.clock_day(connection)
    if day is None:
        raise MobilityError("The clock has not started: say --valid-at, or mobility clock --to DAY.")
    asked = explain.Asked(unit, day, known_at)
    page = explain.counted(connection, asked, limit=AT_A_TIME if limit is None else limit, after=after)
    if limit is None:
        persons = explain.everyone(connection, asked, at_a_time=AT_A_TIME) if page.last else iter(page.persons)
    else:
        persons = iter(page.persons)
    found, total = findings.findings(
        connection, unit=unit, valid_at=valid_at, known_at=known_at, limit=AT_A_TIME if limit is None else limit
    )
    counts = {name: page.sums[name] for name in ("workers", "present", "members")}
    ended = explain.ended_on(connection, asked)
    head: dict[str, Any] = {
        "unit": unit,
        "day": day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "as_of": (known_at or _now(connection)).isoformat(),
        "counts": dict.fromkeys(counts, 0) if ended else counts,
        "total": page.sums["persons"],
        "next": page.last.hex if page.last and limit is not None else None,
    }
    if ended:
        left = counts["workers" if unit.startswith("e") else "members"]
        head |= {"dissolved_on": ended.isoformat(), "unclosed": left}
    tail = {
        "findings": [{**one, "finding": one["what"]} for one in found],
        "findings_total": total,
        "registry": explain.register_facts(connection, asked),
    }
    return Explanation(head, persons, tail)


def _now(connection: Connection[Any]) -> datetime:
    """When the connection's transaction began: what it shows is what was known then."""
    row = connection.execute("select now()").fetchone()
    assert row is not None  # noqa: S101 - narrows the type
    return row[0]  # type: ignore[no-any-return]


def explain_person(
    connection: Connection[Any], person: UUID, *, valid_at: date | None = None, known_at: datetime | None = None
) -> dict[str, Any]:
    """One person's trail. Raises MobilityError where no fact is about them."""
    found = trail.trail(connection, person, valid_at=valid_at, known_at=known_at)
    if not found["facts"]:
        raise MobilityError(f"No fact on the log is about person {person.hex}.")
    found["findings"] = [{**one, "finding": one["what"]} for one in found["findings"]]
    return found
