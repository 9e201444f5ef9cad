"""Topics of one counting stage on the broker, what is put in and what comes out."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from tests.chaos.processes import Broker, Worker
from tests.chaos.reading import Stood, open_transactions, read, wait_until_read

COMPACTED_AT_ONCE = {
    "cleanup.policy": "compact",
    "segment.ms": "300",
    "min.cleanable.dirty.ratio": "0.001",
    "max.compaction.lag.ms": "500",
    "delete.retention.ms": "0",
}


class Bed:
    """One stage's topics, named after the test; workers that it starts end with it."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        folder: Path,
        partitions: int = 2,
        configs: dict[str, dict[str, str]] | None = None,
    ) -> None:
        self.broker, self.name, self.folder, self.partitions = broker, name, folder, partitions
        self.source = f"{name}.in"
        self.workers: list[Worker] = []
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        kinds = {"in": {}, "out": {}, "dead": {}, "state": {"cleanup.policy": "compact"}} | (configs or {})
        admin.create_topics(
            [NewTopic(f"{name}.{kind}", partitions, 1, topic_configs=config) for kind, config in kinds.items()]
        )
        admin.close()

    def worker(self, *options: Any) -> Worker:
        """A worker process; ``options`` as of ``counting``."""
        more = [self.broker.address, self.name, self.partitions, *options]
        command = ["-m", "tests.integration.engine.counting", *map(str, more)]
        worker = Worker(command, self.folder / f"worker-{len(self.workers) + 1}.log")
        self.workers.append(worker)
        return worker

    def put(
        self, records: Iterable[tuple[bytes, bytes | None]], partition: int = 0, *, commit: bool | None = None
    ) -> None:
        """Send to the source: plainly, or in a transaction that is committed or aborted."""
        asyncio.run(self._put(list(records), partition, commit))

    async def _put(self, records: list[tuple[bytes, bytes | None]], partition: int, commit: bool | None) -> None:
        identity = None if commit is None else f"{self.name}.put"
        async with AIOKafkaProducer(
            bootstrap_servers=self.broker.address, transactional_id=identity, linger_ms=5, max_batch_size=1 << 18
        ) as producer:
            if commit is not None:
                await producer.begin_transaction()
            for key, value in records:
                await producer.send(self.source, value, key, partition=partition)
            await producer.flush()
            if commit is not None:
                await (producer.commit_transaction() if commit else producer.abort_transaction())

    def wait(self, seconds: float = 60.0) -> None:
        """Until the lag is 0."""
        wait_until_read(self.broker.address, self.name, [self.source], self.partitions, seconds)

    def read(self, kind: str) -> list[Stood]:
        """Committed records of ``in``, ``out``, ``state`` or ``dead``."""
        return read(self.broker.address, f"{self.name}.{kind}", self.partitions)

    def dead(self) -> list[dict[str, Any]]:
        """What stands on the dead topic."""
        return [json.loads(record.value or b"") for record in self.read("dead")]

    def check_exact(self) -> int:
        """Every count of every key (each source partition counts its own) was published once; the number of records."""
        read_in = [record for record in self.read("in") if record.value not in (b"poison", b"forget", None)]
        wanted: dict[bytes, list[int]] = {}
        for (_, key), count in Counter((record.partition, record.key) for record in read_in).items():
            wanted.setdefault(key, []).extend(range(1, count + 1))
        found: dict[bytes, list[int]] = {}
        for record in self.read("out"):
            found.setdefault(record.key, []).append(int(record.value or b"0"))
        assert {key: sorted(counts) for key, counts in found.items()} == {
            key: sorted(counts) for key, counts in wanted.items()
        }
        return len(read_in)

    def open_transactions(self) -> list[str]:
        """Partitions with a transaction that has no end."""
        kinds = [f"{self.name}.{kind}" for kind in ("in", "out", "state", "dead")]
        return open_transactions(self.broker.address, kinds, self.partitions)

    def end(self) -> None:
        """No process stays."""
        for worker in self.workers:
            worker.kill()
