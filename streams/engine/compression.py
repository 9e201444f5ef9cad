"""LZ4 at its quick end.

aiokafka compresses with level 9 and has no setting for it. LZ4's own quick method takes a tenth of the time (0.3 µs a
record against 2.8, measured on effects) for batches a tenth larger. Acceleration 3 and blocks of 64 KB, which stay in
the processor's cache, take it to 0.2 µs for another thirtieth; frames as Kafka wants them: blocks that stand alone.
"""

from functools import partial

from aiokafka.record import default_records
from lz4 import frame  # type: ignore[import-untyped]

try:
    from aiokafka.record._crecords import default_records as compiled
except ImportError:  # aiokafka without its compiled part
    compiled = None

ACCELERATED = -2
"""LZ4's acceleration less one, negative, where levels of compression are positive."""


def compress_quickly() -> None:
    """From now on, every producer of this process that compresses with lz4."""
    quickly = partial(
        frame.compress,
        compression_level=ACCELERATED,
        block_size=frame.BLOCKSIZE_MAX64KB,
        block_linked=False,
        store_size=False,
    )
    for module in (default_records, compiled):
        if module is not None:
            module.lz4_encode = quickly
