"""LZ4 at the level that LZ4 is known for.

aiokafka compresses with level 9 and has no setting for it. Level 1 takes a tenth of the time (0.25 µs a record against
2.8, measured on effects) for batches a tenth larger.
"""

from functools import partial

from aiokafka.codec import lz4_encode
from aiokafka.record import default_records

try:
    from aiokafka.record._crecords import default_records as compiled
except ImportError:  # aiokafka without its compiled part
    compiled = None

LEVEL = 1


def compress_quickly() -> None:
    """From now on, every producer of this process that compresses with lz4."""
    for module in (default_records, compiled):
        if module is not None:
            module.lz4_encode = partial(lz4_encode, level=LEVEL)
