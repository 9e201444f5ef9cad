"""Sends the city's facts in transactions, with clock ticks between them, whatever happens to the broker meanwhile.

After a failure nobody knows whether a transaction counts, so it is sent again: facts may be on the log twice, as in
life. The expectation is therefore taken from the log, and the log is compared with what was sent.
"""

import asyncio
import random
import threading
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from kafka.errors import KafkaError as ClockKafkaError

from schemas import topics
from streams.clock import ClockWriter, days_after
from streams.engine.routing import Router
from tests.chaos.city import City, Message

FIRST_TICK = date(2026, 5, 20)
PASSING = (KafkaError, OSError, TimeoutError, AssertionError)


class Feed:
    """A thread that sends until ``finish``: bursts of up to 120 facts with some ``pause`` seconds between them."""

    def __init__(self, broker: str, partitions: int, seed: int, pause: float) -> None:
        self.sent: list[Message] = []
        self.day = FIRST_TICK
        self.error: BaseException | None = None
        self._broker = broker
        self._pause = pause
        self._route = Router(partitions)
        self._random = random.Random(seed + 1)
        self._city = City(seed)
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def finish(self) -> None:
        """Send no more; returns when everything is on the log, with a last tick."""
        self._enough.set()
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            messages = self._city.messages()
            last: date | None = None
            while not self._enough.is_set():
                for _ in range(10):
                    batch = list(islice(messages, self._random.randrange(1, 120)))
                    asyncio.run(self._send_until_done(batch))
                    self.sent.extend(batch)
                    self._enough.wait(self._random.random() * 2 * self._pause)
                last = self._tick(last)
        except BaseException as error:
            self.error = error

    async def _send_until_done(self, batch: list[Message]) -> None:
        while True:
            try:
                async with asyncio.timeout(15):
                    await self._send(batch)
                return
            except PASSING:
                await asyncio.sleep(0.5)

    async def _send(self, batch: list[Message]) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._broker, transactional_id="chaos.feed")
        try:
            await producer.start()
            await producer.begin_transaction()
            for topic, key, value in batch:
                await producer.send(topic, value, key, partition=self._route(key))
            await producer.commit_transaction()
        finally:
            try:
                async with asyncio.timeout(2):
                    await producer.stop()
            except PASSING:
                producer._closed = True

    def _tick(self, last: date | None) -> date:
        """One day, or several: the steps must see each once."""
        to = FIRST_TICK if last is None else last + timedelta(days=self._random.randrange(1, 6))
        while True:
            try:
                writer = ClockWriter(self._broker)
                try:
                    for day in days_after(last, to):
                        writer.send(day, datetime(2026, 1, 1, tzinfo=UTC))
                finally:
                    writer.close()
                self.day = to
                return to
            except (ClockKafkaError, OSError, TimeoutError, AssertionError):
                self._enough.wait(0.5)


def inputs() -> list[str]:
    """Topics that are fed."""
    return [topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES]
