"""Every metric of the store."""

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("mobility_store_records_total", "Records written to PostgreSQL", ["topic"])
REJECTED = Counter("mobility_store_rejected_total", "Records that could not be read; see store.rejected", ["topic"])
COMMIT_SECONDS = Histogram(
    "mobility_store_commit_seconds",
    "Time to write one batch with its offsets",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)
BATCH_RECORDS = Histogram(
    "mobility_store_batch_records", "Records in one batch", buckets=(1, 10, 100, 1_000, 5_000, 10_000, 20_000, 40_000)
)
RETRIES = Counter("mobility_store_retries_total", "Times that reading began anew after a failure", ["service"])
NEXT_OFFSET = Gauge("mobility_store_next_offset", "First offset not in PostgreSQL yet", ["topic", "partition"])
LAG = Gauge("mobility_store_lag_records", "Offsets between PostgreSQL and the end of the log", ["topic", "partition"])
