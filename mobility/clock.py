"""The clock by hand, and what day it is."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime

from mobility.endpoints import Endpoints
from mobility.errors import MobilityError
from mobility.log import read_topics
from mobility.replay import data_of
from mobility.waiting import DayWaiter, wait_until_facts_passed, wait_until_passed
from schemas.topics import CHANGES
from streams.clock import ClockWriter, days_after
from streams.units.clock import KEY


def last_day(broker: str) -> date | None:
    """The latest day that was sent to every partition; None before the first tick."""
    latest: dict[int, str] = {}
    for _, partition, records in read_topics(broker, CHANGES):
        for record in records:
            if record.key == KEY and record.value:
                data = data_of(record)  # None: a poison record, which the step has set aside
                if data is not None and isinstance(day := data.get("day"), str):
                    latest[partition] = max(latest.get(partition, ""), day)
    return date.fromisoformat(min(latest.values())) if latest else None


def advance_to(at: Endpoints, day: date, *, strict: bool = False, say: Callable[[str], object] = lambda _: None) -> int:
    """Send the days up to ``day`` and wait until live state and PostgreSQL have passed it. Gives how many were sent.

    What was taken in before counts before the day begins: else the rules would judge counts halfway. So does what a day
    leads to before the next one: an alert that is handed on reaches its successor on the day of the handing, however
    many days are sent. An earlier day than the clock's is ignored; with ``strict`` it raises MobilityError. ``say`` is
    told of the first day of each month.
    """
    last = last_day(at.kafka)
    if strict and last is not None and day < last:
        raise MobilityError(f"{day} was ignored: the clock stands at {last} and never goes back.")
    days = days_after(last, day)
    if days:
        wait_until_facts_passed(at)
        with closing(ClockWriter(at.kafka)) as writer, closing(DayWaiter(at)) as waiter:
            for each in days:
                if each != days[0]:
                    waiter.wait()
                writer.send(each, datetime.now(UTC))
                if each.day == 1:
                    say(f"Clock at {each}")
    wait_until_passed(at)
    return len(days)
