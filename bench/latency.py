"""From a fact's record to the committed status that follows from it, at a steady rate.

A fact carries the instant of its sending as its recorded ``time``; the steps pass it on to the effect and to the status
of the unit. A reader of committed records compares it with its own clock: both depths, both transactions and the way
through the broker are in the figure. A status that follows from several facts tells of the last.
"""

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench import logs
from bench.child import Child, repository_on_path
from bench.measure import Broker, prepare
from bench.participants import Participant, Start
from bench.workload import Pair, Workload
from streams.engine.routing import Router

EVERY_SECONDS = 0.01
WARM_UP_SECONDS = 4.0
PERCENTILES = (50, 99)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds; ``statuses`` is how many were timed."""

    name: str
    rate: int
    p50_ms: float
    p99_ms: float
    statuses: int


class _Stamped(msgspec.Struct, gc=False):
    time: str


_decode = msgspec.json.Decoder(_Stamped).decode


def latency(broker: Broker, run: str, participant: Participant, rate: int, seconds: float, folder: Path) -> Latency:
    """Feed ``rate`` facts per second for so long after a warm-up, and time what comes out."""
    workload = Workload(max(100_000, int(rate * (WARM_UP_SECONDS + seconds) * 1.1) + 1_000))
    source = f"{run}.facts"
    logs.create_topics(broker.address, {source: {}})
    prepare(broker.address, run, workload)
    state = folder / run
    state.mkdir(parents=True)
    argv = participant.command(Start(broker.address, run, source, state))
    child = Child(argv, log=folder / f"{run}.log", env=repository_on_path(participant.env or os.environ))
    try:
        timed = asyncio.run(_feed_and_time(broker.address, run, workload.facts(), rate, seconds))
        child.raise_if_ended()
    finally:
        child.stop()
        logs.delete_run(broker.address, run)
        shutil.rmtree(state, ignore_errors=True)
    if len(timed) < 10:
        raise RuntimeError(f"{child.log}: only {len(timed)} statuses came out at {rate} facts per second")
    cuts = statistics.quantiles(timed, n=100)
    p50, p99 = (cuts[percentile - 1] * 1e3 for percentile in PERCENTILES)
    return Latency(participant.name, rate, p50, p99, len(timed))


async def _feed_and_time(broker: str, run: str, facts: Iterator[Pair], rate: int, seconds: float) -> list[float]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    consumer.assign([TopicPartition(f"{run}.unit.status", number) for number in range(logs.PARTITIONS)])
    ended = asyncio.Event()
    reading = asyncio.create_task(_time_statuses(consumer, ended))
    try:
        await _until_alive(broker, run, facts)
        started = time.time() + WARM_UP_SECONDS
        await _feed(broker, f"{run}.facts", facts, rate, WARM_UP_SECONDS + seconds)
        await asyncio.sleep(1.5)
        ended.set()
        return [taken for sent, taken in await reading if sent >= started]
    finally:
        reading.cancel()
        await consumer.stop()


async def _until_alive(broker: str, run: str, facts: Iterator[Pair]) -> None:
    """A first few facts; returns when the participant has committed something."""
    await logs.load(broker, f"{run}.facts", [next(facts) for _ in range(200)])
    positions = logs.Positions(broker, run)
    try:
        for _ in range(600):
            _, offsets = await asyncio.to_thread(positions.read)
            if sum(offset for (topic, _), offset in offsets.items() if topic == f"{run}.facts") >= 200:
                return
            await asyncio.sleep(0.1)
    finally:
        positions.close()
    raise RuntimeError(f"{run}: nothing was committed within a minute")


async def _feed(broker: str, topic: str, facts: Iterator[Pair], rate: int, seconds: float) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker, enable_idempotence=True, linger_ms=0)
    await producer.start()
    route = Router(logs.PARTITIONS)
    begun, sent = time.monotonic(), 0
    try:
        while (passed := time.monotonic() - begun) < seconds:
            due = int(passed * rate) - sent
            batches: dict[int, Any] = {}
            stamp = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()
            for _ in range(due):
                key, value = next(facts)
                head, tail = value.split(b'"time":"', 1)
                batch = batches.setdefault(route(key), producer.create_batch())
                batch.append(timestamp=None, key=key, value=head + b'"time":"' + stamp + tail[tail.index(b'"') :])
            sent += due
            for partition, batch in batches.items():
                batch.close()
                await producer.send_batch(batch, topic, partition=partition)
            await asyncio.sleep(EVERY_SECONDS)
    finally:
        await producer.stop()


async def _time_statuses(consumer: AIOKafkaConsumer, ended: asyncio.Event) -> list[tuple[float, float]]:
    """(instant of sending, seconds until read) of every status."""
    timed = []
    while not ended.is_set():
        for records in (await consumer.getmany(timeout_ms=100)).values():
            now = time.time()
            for record in records:
                sent = datetime.fromisoformat(_decode(record.value).time).timestamp()
                timed.append((sent, now - sent))
    return timed
