"""The topic table (``topics.toml``) as objects."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

MOVEMENTS_IN = "mobility.events"
REGISTRY_IN = "registry.events"
RECEIPTS = "intake.receipts"
MOVEMENTS = "mobility.movements"
FINDINGS = "mobility.findings"
CHANGES = "unit.changes"
STATUS = "unit.status"
ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of the table. ``retention_days`` 0 keeps for ever."""

    name: str
    key: str
    owner: str
    holds: str
    cleanup: Literal["delete", "compact"] = "delete"
    retention_days: int = 0
    model: str = ""

    def config(self) -> dict[str, str]:
        """Kafka topic settings. Compacted topics compact early, so that recovery reads little more than the state."""
        if self.cleanup == "compact":
            return {
                "cleanup.policy": "compact",
                "segment.bytes": str(64 << 20),
                "min.cleanable.dirty.ratio": "0.3",
                "delete.retention.ms": str(24 * 3600 * 1000),
            }
        kept = self.retention_days * 24 * 3600 * 1000 if self.retention_days else -1
        return {"cleanup.policy": "delete", "retention.ms": str(kept), "retention.bytes": "-1"}


@cache
def topic_table() -> dict[str, Topic]:
    """All topics by name, in the order of the table."""
    rows = tomllib.loads((files("schemas") / "topics.toml").read_text("utf-8"))["topics"]
    return {name: Topic(name=name, **row) for name, row in rows.items()}
