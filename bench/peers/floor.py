"""The floor: consume, decode, encode and produce the same bytes in transactions, with no state and no logic.

``python -m bench.peers.floor BROKER RUN INPUT``. Every fact becomes an effect of the usual size, every touched unit a
status once per chunk, for each partition in one transaction with the offset: what any program on this client and this
JSON library has to do. It reads with the engine's own fetcher, which is quicker than the client's.
"""

import asyncio
import signal
import sys
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.logs import PARTITIONS
from bench.peers.core_steps import ChangeEvent, FactEvent
from streams.engine.compression import compress_quickly
from streams.engine.fetch import fetch_chunks_with
from streams.engine.routing import Router
from streams.engine.writer import TransactionWriter

_fact = msgspec.json.Decoder(FactEvent).decode
_change = msgspec.json.Decoder(ChangeEvent).decode
_encode = msgspec.json.Encoder().encode
_STATUS = {"unit": "e0200000000", "kind": "enterprise", "version": 1, "workers": 1, "present": 1, "unions": []}


class _Floor:
    def __init__(self, broker: str, run: str, source: str) -> None:
        self._broker, self._run, self._source = broker, run, source
        self._changes = f"{run}.unit.changes"
        self._route = Router(PARTITIONS)
        self._producers: dict[TopicPartition, AIOKafkaProducer] = {}

    async def run(self) -> None:
        consumer = AIOKafkaConsumer(
            self._source,
            self._changes,
            bootstrap_servers=self._broker,
            group_id=self._run,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=8 << 20,
        )
        await consumer.start()
        fetcher = fetch_chunks_with(consumer, rest=True)
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        running: dict[TopicPartition, asyncio.Task[None]] = {}
        try:
            while not ended.is_set():
                free = {place for place in consumer.assignment() if place not in running or running[place].done()}
                if not free:
                    await asyncio.wait(running.values(), return_when=asyncio.FIRST_COMPLETED)
                    continue
                for chunk in await fetcher.fetched_chunks(free.__contains__, timeout=0.02, max_records=16_000):
                    if chunk.source in running:
                        await running.pop(chunk.source)
                    running[chunk.source] = asyncio.create_task(self._take(chunk))
        finally:
            await asyncio.gather(*running.values())
            for producer in self._producers.values():
                await producer.stop()
            await consumer.stop()

    async def _take(self, chunk: Any) -> None:
        producer = self._producers.get(chunk.source) or await self._producer(chunk.source)
        await producer.begin_transaction()
        writer = TransactionWriter(producer)
        if chunk.source.topic == self._source:
            await self._first_depth(writer, chunk)
        else:
            touched = {record.key: _change(record.value) for record in chunk.records}
            pairs = [(key, _encode({"data": _STATUS, "time": event.time})) for key, event in touched.items()]
            await writer.write(f"{self._run}.unit.status", chunk.source.partition, pairs)
        await writer.sent()
        await producer.send_offsets_to_transaction({chunk.source: chunk.next}, self._run)
        await producer.commit_transaction()

    async def _first_depth(self, writer: TransactionWriter, chunk: Any) -> None:
        pairs: list[tuple[bytes, bytes]] = []
        for record in chunk.records:
            event = _fact(record.value)
            fact = event.data
            data = {"kind": "effect", "person": record.key.decode(), "day": fact.day, "fact": fact.fact, "workers": 1}
            said = {
                "specversion": "1.0",
                "id": f"{fact.fact}@{fact.version}.0",
                "source": "/streams/people",
                "type": "vn.union-mobility.unit.effect.v1",
                "subject": fact.unit,
                "time": event.time,
                "datacontenttype": "application/json",
                "data": data,
            }
            pairs.append((fact.unit.encode(), _encode(said)))
        for partition, group in enumerate(self._route.split(pairs)):
            await writer.write(self._changes, partition, group)

    async def _producer(self, place: TopicPartition) -> AIOKafkaProducer:
        producer = self._producers[place] = AIOKafkaProducer(
            bootstrap_servers=self._broker,
            transactional_id=f"{self._run}.{place.topic}.{place.partition}",
            compression_type="lz4",
            max_batch_size=1 << 20,
            max_request_size=8 << 20,
        )
        await producer.start()
        return producer


if __name__ == "__main__":
    compress_quickly()
    asyncio.run(_Floor(*sys.argv[1:4]).run())
