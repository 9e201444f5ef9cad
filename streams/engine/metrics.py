"""Every metric of the engine. ``stage`` is the step's name, ``partition`` that of its input."""

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("mobility_stage_records_total", "Input records processed and committed", ["stage", "partition"])
OUTPUTS = Counter("mobility_stage_outputs_total", "Records published and committed", ["stage", "partition"])
DEAD = Counter("mobility_stage_dead_total", "Records put on the dead topic", ["stage", "partition"])
CHUNK_SECONDS = Histogram(
    "mobility_stage_chunk_seconds",
    "From the start of a chunk's step to its commit",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
RETRIES = Counter(
    "mobility_stage_retries_total", "Transactions that failed and were tried again", ["stage", "partition"]
)
RECOVERED = Counter("mobility_stage_recovered_total", "Changelog entries read back", ["stage", "partition"])
OWNED = Gauge("mobility_stage_owned", "1 while this worker owns the partition with its state", ["stage", "partition"])
WAITING = Gauge("mobility_stage_waiting_for_broker", "1 while the broker can't be reached", ["stage", "partition"])
KEYS = Gauge("mobility_stage_keys", "Keys in state", ["stage", "partition"])
POSITION = Gauge("mobility_stage_position", "Committed input offset", ["stage", "partition"])
