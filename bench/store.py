"""How fast the store writes, by kind of record, beside a bare COPY of the same rows: ``python -m bench.store``.

Records are made by the steps from mixed facts (``bench.full_rules``) and, for findings, from people who leave and were
never reported; a tenth of those get their start later, which settles the finding. Each kind goes into a database of its
own in batches of 20,000, decoded by ``stage`` and written by ``write`` as the role store does it, offsets included,
one batch after the other. The same lines are then copied into a table without an index and one with the store's.

Seconds are those of the processor, of this process and of the server process apart; ``us`` are microseconds a record,
``copy_us`` of both processes; ``ratio`` says how many times as much of the processors the store takes as the COPY.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg

from bench.full_rules import FullRules
from bench.steps import Fed, fact
from bench.workload import Pair
from consumers.store import prepare_database
from consumers.store.chunks import Chunk, Raw
from consumers.store.read import MAX_RECORDS
from consumers.store.stage import stage
from consumers.store.write import prepare, write
from deploy.local import start_postgres
from deploy.local.postgres import stop_postgres
from schemas import topics
from schemas.ids import digest, enterprise_id
from streams import days, people, registry, units
from streams.engine.routing import Router
from streams.step import Step

PARTITIONS = 4
AT_A_TIME = 4_000
KINDS = {
    topics.MOVEMENTS_IN: ("facts",),
    topics.CHANGES: ("effects", "marks"),
    topics.MOVEMENTS: ("movements",),
    topics.FINDINGS: ("findings",),
    topics.STATUS: ("unit_status",),
    topics.REGISTRY_IN: ("register_facts",),
}
"""Topic -> the tables that its lines go to."""
Logs = dict[str, list[list[Raw]]]
"""Topic -> partition -> its records."""


class Used(NamedTuple):
    """Seconds: by the clock, of this process, of the server process."""

    clock: float
    python: float
    postgres: float

    @property
    def work(self) -> float:
        """Of both processes."""
        return self.python + self.postgres


class Meter:
    """What a piece of work uses."""

    def __init__(self, backend: int) -> None:
        self._backend = psutil.Process(backend)
        self._begun = self._now()

    def _now(self) -> Used:
        times = self._backend.cpu_times()
        return Used(time.perf_counter(), time.process_time(), times.user + times.system)

    def used(self) -> Used:
        """Since it was made."""
        return Used(*(now - then for now, then in zip(self._now(), self._begun, strict=True)))


def made(facts: int) -> Logs:
    """The log of a city whose facts are so many."""
    logs: Logs = defaultdict(lambda: [[] for _ in range(PARTITIONS)])
    route = Router(PARTITIONS)

    def put(topic: str, pairs: Iterable[Pair]) -> list[Raw]:
        put_now = []
        for key, value in pairs:
            place = logs[topic][route(key)]
            place.append(Raw(len(place), key, value))
            put_now.append(place[-1])
        return put_now

    work = FullRules(facts)
    states: dict[Step, dict[bytes, bytes]] = {people.step: {}, registry.step: {}, units.step: {}}
    inputs = ((people.step, topics.MOVEMENTS_IN, [*work.facts(), *strangers(facts // 2)]),)
    for step, topic, pairs in (*inputs, (registry.step, topics.REGISTRY_IN, list(work.registry()))):
        records = put(topic, pairs)
        for start in range(0, len(records), AT_A_TIME):
            _run(states, step, records[start : start + AT_A_TIME], put)
    return logs


def _run(states: dict[Step, dict[bytes, bytes]], step: Step, records: list[Raw], put: Any) -> None:
    result = step(states[step], records)
    states[step].update({key: value for key, value in result.writes.items() if value is not None})
    for topic, outputs in result.outputs.items():
        records = put(topic, outputs)
        if topic == topics.CHANGES and step is not units.step:
            _run(states, units.step, records, put)


def strangers(number: int) -> Iterator[Pair]:
    """So many leaves of persons never reported; a tenth of them come with their start afterwards."""
    first = days.ordinal("2026-10-01")
    for one in range(number):
        unit = enterprise_id(f"{200_000_000 + one % 97:010d}")
        left: Fed = fact(digest("stranger", str(one)), 2 * one, "departed", unit, first, "GH", "leave")
        yield left.key, left.value
        if one % 10 == 0:
            begun = fact(digest("stranger", str(one)), 2 * one + 1, "joined", unit, first - 30, "TM", "start")
            yield begun.key, begun.value


def batches(log: list[list[Raw]], topic: str) -> Iterator[list[Chunk]]:
    """As the reader gives them out: of every partition the same number."""
    size = MAX_RECORDS // PARTITIONS
    for start in range(0, max(map(len, log)), size):
        parts = [(number, records[start : start + size]) for number, records in enumerate(log)]
        yield [Chunk(topic, number, part[0].offset, part[-1].offset + 1, part) for number, part in parts if part]


async def measured(dsn: str, topic: str, log: list[list[Raw]]) -> dict[str, Any]:
    """One kind: the store, then the same lines by COPY."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
        await prepare(conn)
        for number in range(PARTITIONS):
            await conn.execute("insert into store.offsets values (%s, %s, 0)", [topic, number])
            await conn.execute("insert into store.clock values (%s, %s)", [number, "2027-01-01"])
        lines: dict[str, list[list[str]]] = defaultdict(list)
        meter, decoding = Meter(conn.info.backend_pid), 0.0
        for chunks in batches(log, topic):
            begun = time.process_time()
            staged = stage(chunks)
            decoding += time.process_time() - begun
            if staged.rejected:
                raise RuntimeError(f"{topic}: {staged.rejected[0]}")
            for table, said in staged.lines.items():
                lines[table.removeprefix("first_")].append(said)
            await write(conn, staged)
        ours = meter.used()
        bare = await _copied(conn, lines, "")
        indexed = await _copied(conn, lines, "including indexes")
    records = sum(map(len, log))
    each = 1e6 / records
    return {
        "kind": topic,
        "records": records,
        "records_per_s": round(records / ours.clock),
        "clock_us": round(ours.clock * each, 2),
        "decode_us": round(decoding * each, 2),
        "python_us": round(ours.python * each, 2),
        "postgres_us": round(ours.postgres * each, 2),
        "copy_us": round(bare.work * each, 2),
        "copy_with_indexes_us": round(indexed.work * each, 2),
        "ratio": round(ours.work / bare.work, 2),
        "ratio_with_indexes": round(ours.work / indexed.work, 2),
    }


async def _copied(conn: Any, lines: dict[str, list[list[str]]], including: str) -> Used:
    """Copy all lines, a transaction a batch. What comes twice under an index has lost its key, not its place."""
    meter: list[Used] = []
    for table, some in lines.items():
        await conn.execute("drop table if exists bare")
        await conn.execute(f"create table bare (like store.{table} {including})".encode())
        await conn.execute("alter table bare drop constraint if exists bare_pkey")
        if including:
            await conn.execute(await _key(conn, table))
        watch = Meter(conn.info.backend_pid)
        for batch in some:
            async with conn.transaction(), conn.cursor() as cursor, cursor.copy(b"copy bare from stdin") as copy:
                await copy.write("".join(batch).encode())
        meter.append(watch.used())
    return Used(*map(sum, zip(*meter, strict=True)))


async def _key(conn: Any, table: str) -> bytes:
    """An index on the columns of the table's primary key that takes the same key twice."""
    found = await conn.execute(
        "select string_agg(quote_ident(a.attname), ', ' order by k.place) from pg_index i "
        "cross join unnest(i.indkey[:i.indnkeyatts - 1]) with ordinality k (number, place) "
        "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number "
        "where i.indisprimary and i.indrelid = %s::regclass",
        [f"store.{table}"],
    )
    (columns,) = await found.fetchone()
    return f"create index on bare ({columns})".encode()


def run(server: str, facts: int, rounds: int, *, only: str = "") -> list[dict[str, Any]]:
    """The medians of each kind. Raises psycopg.Error, RuntimeError."""
    logs = made(facts)
    found = []
    for topic in KINDS:
        if only and topic != only:
            continue
        some = []
        for _ in range(rounds):
            name = f"bench_store_{time.time_ns()}"
            with psycopg.connect(server, autocommit=True) as line:
                line.execute(f"create database {name}".encode())
                line.execute("checkpoint")
            dsn = server.rsplit("/", 1)[0] + "/" + name
            prepare_database(dsn)
            some.append(asyncio.run(measured(dsn, topic, logs[topic])))
            with psycopg.connect(server, autocommit=True) as line:
                line.execute(f"drop database {name} with (force)".encode())
        found.append({key: _median([one[key] for one in some]) for key in some[0]})
    return found


def _median(values: list[Any]) -> Any:
    return values[0] if isinstance(values[0], str) else statistics.median(values)


def main() -> int:
    """0: measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.store", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--facts", type=int, default=60_000, help="mixed facts; half as many strangers come on top")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind; medians count")
    parser.add_argument("--only", default="", help="one topic")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="mobility-bench-store-"))
    try:
        server = start_postgres(home, say=lambda *_: None)
        found = run(server, given.facts, given.rounds, only=given.only)
    finally:
        stop_postgres(home)
        shutil.rmtree(home, ignore_errors=True)
    if given.json:
        print(json.dumps({"kinds": found}, indent=1))
    else:
        for row in found:
            print("  ".join(f"{key} {value}" for key, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
