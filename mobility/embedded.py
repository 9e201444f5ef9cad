"""The embedded services under watch: started again when their process is gone, or has been silent for long."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy import local
from mobility.settings import Settings

log = logging.getLogger(__name__)

PATIENCE: Final = local.PATIENCE_S
"""Seconds of silence after which a living service is ended: a full disk or a long pause of the machine takes less."""


class Embedded:
    """One service of a home."""

    def __init__(
        self,
        name: str,
        home: Path,
        *,
        pid: Callable[[Path], int | None],
        answers: Callable[[Path], str | None],
        start: Callable[..., str],
    ) -> None:
        self.name, self.home = name, home
        self._pid, self._answers, self._start = pid, answers, start
        self._silent_since: float | None = None

    def look(self) -> bool:
        """True if it was started again. Raises LocalServiceError."""
        if self._answers(self.home) is not None:
            if self._silent_since is not None:
                log.warning("%s answers again after %.0f s", self.name, time.monotonic() - self._silent_since)
            self._silent_since = None
            return False
        now, pid = time.monotonic(), self._pid(self.home)
        if pid is not None:
            if self._silent_since is None:
                self._silent_since = now
                log.warning("%s (process %d) does not answer; it is left alone for %.0f s", self.name, pid, PATIENCE)
            if now - self._silent_since < PATIENCE:
                return False
        why = "its process is gone" if pid is None else f"process {pid} has not answered for {PATIENCE:.0f} s"
        log.warning("%s is started again: %s", self.name, why)
        self._silent_since = None
        self._start(self.home, say=_said, patience=0.0)
        log.warning("%s runs again (process %s)", self.name, self._pid(self.home))
        return True


def embedded(settings: Settings) -> list[Embedded]:
    """Those that are not outside services."""
    home, found = settings.folder, []
    if not settings.kafka:
        kafka = Embedded("Kafka", home, pid=local.kafka_pid, answers=local.kafka_address, start=local.start_kafka)
        found.append(kafka)
    if not settings.postgres:
        postgres = Embedded(
            "PostgreSQL", home, pid=local.postgres_pid, answers=local.postgres_dsn, start=local.start_postgres
        )
        found.append(postgres)
    return found


def _said(step: str, done: int | None = None, total: int | None = None) -> None:
    if done is None:
        log.info("%s", step)
