"""A zombie is refused: the owner has the failure from the call that met it, and the log has one line of it."""

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import TopicPartition
from kafka import KafkaProducer

from streams.engine.errors import FENCED
from streams.engine.plan import Plan
from streams.engine.producer import open_producer, release
from streams.engine.transaction import Outcome, commit_chunk
from tests.integration.engine.bed import Bed

pytestmark = pytest.mark.services
Make = Callable[..., Bed]


async def a_zombies_chunk(at: Bed) -> list[str]:
    """What asyncio complains of after a chunk by an owner that was fenced before it."""
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    name = f"{at.name}.counting.0"
    plan = Plan(
        name="counting",
        step=lambda *_: None,  # type: ignore[arg-type,return-value]
        source=at.source,
        changelog=f"{at.name}.state",
        dead=f"{at.name}.dead",
        broker=at.broker.address,
        group=at.name,
        same_partition=frozenset({f"{at.name}.out"}),
        routers={},
        consumer=lambda: None,  # type: ignore[arg-type,return-value]
    )
    zombie = await open_producer(at.broker.address, name, 60_000)
    source, outcome = TopicPartition(at.source, 0), Outcome(1, {b"k": b"1"}, {f"{at.name}.out": [(b"k", b"1")]}, [])
    assert await commit_chunk(zombie, plan, source, outcome) == 1
    successor = await open_producer(at.broker.address, name, 60_000)
    with pytest.raises(FENCED):
        await commit_chunk(zombie, plan, source, outcome._replace(position=2))
    await release(zombie)
    await release(successor)
    del zombie, successor
    for _ in range(3):
        gc.collect()
        await asyncio.sleep(0.1)
    return complaints


def test_a_fenced_transaction_leaves_no_failure_that_nobody_has_seen(bed: Make) -> None:
    assert asyncio.run(a_zombies_chunk(bed())) == []


def test_the_log_of_a_fenced_worker_has_one_line_of_it(bed: Make) -> None:
    at = bed()
    worker = at.worker(50)
    at.put([(b"a", b"x")] * 100)
    at.wait()
    other: Any = KafkaProducer(bootstrap_servers=at.broker.address, transactional_id=f"{at.name}.counting.0")
    other.init_transactions()
    at.put([(b"a", b"x")] * 100)
    at.wait()
    other.close()
    assert at.check_exact() == 200
    time.sleep(1)
    worker.stop()
    log = worker.log.read_text()
    assert log.count("fenced, another worker owned this partition in between") == 1
    assert "never retrieved" not in log
    assert "Traceback" not in log
