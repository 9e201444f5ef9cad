"""The one writer of ``clock.advanced``: a day a tick, to every partition of ``unit.changes`` in one transaction."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from kafka import KafkaProducer

from schemas.broker import client_arguments
from schemas.changes import CLOCK_KEY, ClockAdvanced
from schemas.envelope import CloudEvent, event_type
from schemas.topics import CHANGES
from schemas.zone import ZONE

_TYPE = event_type("clock", "advanced")


def today(now: datetime) -> date:
    """The day in Việt Nam at an instant."""
    return now.astimezone(ZONE).date()


def days_after(last: date | None, to: date) -> list[date]:
    """The days to send, each after the other; the first tick of all is ``to`` itself."""
    return [to] if last is None else [last + timedelta(days=n + 1) for n in range((to - last).days)]


class ClockWriter:
    """Fenced: a second writer takes over and the first can write no more. Raises KafkaError."""

    def __init__(self, broker: str) -> None:
        self._producer = KafkaProducer(**client_arguments(broker), transactional_id="mobility.clock", linger_ms=0)
        self._producer.init_transactions()
        self._partitions = sorted(self._producer.partitions_for(CHANGES))

    def send(self, day: date, now: datetime) -> None:
        """The tick of one day, to all partitions or to none. Returns when it is on the log."""
        self._producer.begin_transaction()
        for partition in self._partitions:
            self._producer.send(CHANGES, _tick(day, partition, now), CLOCK_KEY.encode(), partition=partition)
        self._producer.commit_transaction()

    def close(self) -> None:
        """Release the connection."""
        self._producer.close()


def _tick(day: date, partition: int, now: datetime) -> bytes:
    event = CloudEvent[ClockAdvanced](
        id=f"clock/{partition}@{day.isoformat()}",
        source="/streams/clock",
        type=_TYPE,
        subject=CLOCK_KEY,
        time=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        data=ClockAdvanced(day=day.isoformat(), partition=partition),
    )
    return msgspec.json.encode(event.model_dump(mode="json"))
