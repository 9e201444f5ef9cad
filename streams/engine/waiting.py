"""Waiting for the broker: who waits, since when, said once when it begins and once when it is over."""

import asyncio
import logging
import time

from aiokafka import TopicPartition

from streams.engine import metrics
from streams.engine.reaching import silence

log = logging.getLogger("mobility.engine")

ASK_EVERY = 2.0


class Waiting:
    """Trouble of the owners and of the broker as a whole, as one gauge for each owner and two lines in the log."""

    def __init__(self) -> None:
        self._owners: dict[TopicPartition, str] = {}  # with the stage's name
        self._troubled: set[TopicPartition] = set()
        self._unreachable = False
        self._since = 0.0

    def add(self, owner: TopicPartition, stage: str) -> None:
        """An owner whose waiting is shown."""
        self._owners[owner] = stage
        self._show()

    def remove(self, owner: TopicPartition) -> None:
        """It owns no more."""
        stage = self._owners.pop(owner, None)
        self._troubled.discard(owner)
        if stage is not None:
            metrics.WAITING.labels(stage, str(owner.partition)).set(0)
        self._settle()

    def begin(self, owner: TopicPartition, reason: str) -> None:
        """A transaction, or the way to one, has failed for a reason that passes."""
        self._say(f"{owner.topic} partition {owner.partition}: {reason}")
        self._troubled.add(owner)
        self._show()

    def end(self, owner: TopicPartition) -> None:
        """It works again."""
        if owner in self._troubled:
            self._troubled.discard(owner)
            self._settle()

    async def watch(self, broker: str) -> None:
        """Ask the broker every other second whether it is there, so that an idle worker notices too. Runs for ever."""
        while True:
            why = await silence(broker)
            if why is not None and not self._unreachable:
                self._say(why)
            self._unreachable = why is not None
            self._settle()
            await asyncio.sleep(ASK_EVERY)

    def _say(self, reason: str) -> None:
        if not self._troubled and not self._unreachable:
            self._since = time.monotonic()
            log.warning("waiting for the broker: %s", reason)

    def _settle(self) -> None:
        self._show()
        if self._since and not self._troubled and not self._unreachable:
            log.warning("the broker is back after %.1f s: going on", time.monotonic() - self._since)
            self._since = 0.0

    def _show(self) -> None:
        for owner, stage in self._owners.items():
            waits = self._unreachable or owner in self._troubled
            metrics.WAITING.labels(stage, str(owner.partition)).set(waits)
