"""The log as the page meets it: records of the real models, written to PostgreSQL by the real store; no broker."""

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from pydantic import BaseModel

from consumers.store import prepare_database
from consumers.store.chunks import Chunk, Raw
from consumers.store.stage import stage
from consumers.store.write import prepare, write
from schemas.changes import CLOCK_KEY, ClockAdvanced, Effect, Mark
from schemas.envelope import event_type
from schemas.ids import alert_id, digest, enterprise_id
from schemas.states import Alert, AlertStep, ClockPassed, Finding, Receipt, Refused, UnitStatus
from schemas.topics import ALERTS, CHANGES, FINDINGS, MOVEMENTS_IN, RECEIPTS, STATUS
from tests.build import TIME, person_id, record

PARTITION = 0


class Log:
    """What is said is written by the store's own code when ``commit`` is called: one batch, one word to the page."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._next: dict[str, int] = defaultdict(int)
        self._said: dict[str, list[Raw]] = defaultdict(list)
        prepare_database(dsn)
        with psycopg.connect(dsn) as line:
            for topic in (CHANGES, STATUS, ALERTS, RECEIPTS, MOVEMENTS_IN, FINDINGS):
                line.execute("insert into store.offsets values (%s, %s, 0) on conflict do nothing", [topic, PARTITION])

    def clock(self, day: str) -> "Log":
        """The clock's day has come, and every unit lives on it."""
        self._say(CHANGES, CLOCK_KEY, "clock.advanced", ClockAdvanced(day=day, partition=PARTITION))
        self._say(STATUS, f"clock/{PARTITION}", "clock.passed", ClockPassed(day=day, partition=PARTITION))
        return self

    def enterprise(self, tax_code: str, name: str, workers: int, *, version: int = 1, **more: Any) -> "Log":
        """Its live status."""
        unit = enterprise_id(tax_code)
        stated: dict[str, Any] = {"present": workers, "day": "2026-11-05"} | more
        status = UnitStatus(
            unit=unit, kind="enterprise", version=version, tax_code=tax_code, name=name, workers=workers, **stated
        )
        self._say(STATUS, unit, "unit.status", status)
        return self

    def union(self, code: str, name: str) -> "Log":
        """Its live status."""
        unit = f"u{code}"
        self._say(
            STATUS,
            unit,
            "unit.status",
            UnitStatus(unit=unit, kind="union", day="2026-11-05", version=1, union_code=code, name=name),
        )
        return self

    def works(self, tax_code: str, person: str, day: str, sign: int = 1) -> "Log":
        """A person's ± at an enterprise, without a membership."""
        effect = Effect(person=person_id(person), day=day, workers=sign, present=sign)
        self._say(CHANGES, enterprise_id(tax_code), "unit.effect", effect)
        return self

    def mark(self, tax_code: str, mark: Mark) -> "Log":
        """What a register says."""
        self._say(CHANGES, enterprise_id(tax_code), "unit.mark", mark)
        return self

    def alert(self, tax_code: str, name: str, workers: int, *, version: int = 1, **more: Any) -> "Log":
        """An alert's full state."""
        unit = enterprise_id(tax_code)
        stated: dict[str, Any] = {"opened_on": "2026-09-01", "state": "open"} | more
        if "history" not in stated:
            stated["history"] = [AlertStep(on=stated["opened_on"], state="open", workers=workers)]
        alert = Alert(
            id=alert_of(tax_code),
            rule="no-union",
            unit=unit,
            tax_code=tax_code,
            name=name,
            episode=1,
            version=version,
            workers=workers,
            **stated,
        )
        self._say(ALERTS, alert.id, "alert.state", alert)
        return self

    def finding(self, tax_code: str, person: str, what: str, day: str) -> "Log":
        """Something about a person there that a clerk is to look at."""
        unit, who, fact = enterprise_id(tax_code), person_id(person), digest("fact", person)
        one = Finding(person=who, fact=fact, what=what, unit=unit, day=day, open=True, cause=fact)
        self._say(FINDINGS, who, "finding.changed", one)
        return self

    def receipt(self, dossier: str, *, batch: str, accepted: int, refused: list[Refused]) -> "Log":
        """What became of a dossier."""
        one = Receipt(
            dossier=dossier,
            batch=batch,
            file=f"{dossier}.xlsx".replace("/", "-"),
            sha256="0" * 64,
            feed="bhxh",
            accepted=accepted,
            unchanged=3,
            refused=refused,
            refused_total=len(refused),
        )
        self._say(RECEIPTS, dossier, "intake.receipt", one)
        return self

    def commit(self) -> None:
        """Write what was said since the last time."""
        chunks = []
        for topic, records in self._said.items():
            start = records[0].offset
            chunks.append(Chunk(topic, PARTITION, start, start + len(records), records))
        self._said.clear()
        with ThreadPoolExecutor(1) as apart:  # the browser's library keeps a loop running in this thread
            apart.submit(asyncio.run, self._write(chunks)).result()

    async def _write(self, chunks: list[Chunk]) -> None:
        staged = stage(chunks)
        assert not staged.rejected, staged.rejected
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as conn:
            await prepare(conn)
            await write(conn, staged)

    def _say(self, topic: str, key: str, kind: str, data: BaseModel) -> None:
        family, _, change = kind.partition(".")
        offset = self._next[topic]
        self._next[topic] += 1
        made = record(data, key, event_type(family, change), identity=f"{topic}.{offset}", time=TIME)
        self._said[topic].append(Raw(offset, made.key, made.value))


def alert_of(tax_code: str) -> str:
    """The id of an enterprise's first alert."""
    return alert_id("no-union", enterprise_id(tax_code), 1)
