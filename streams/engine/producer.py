"""The transactional client of one owner: opening fences whoever held its id before, releasing leaves nothing open."""

import asyncio
import logging
from itertools import chain

from aiokafka import AIOKafkaProducer
from aiokafka.producer import sender
from aiokafka.producer.transaction_manager import TransactionState

from schemas.broker import client_arguments
from schemas.cancelling import only_own_cancels
from streams.engine.compression import compress_quickly
from streams.engine.errors import PASSING
from streams.engine.writer import LARGEST_BATCH

log = logging.getLogger("mobility.engine")

OPEN_SECONDS = 30.0
RELEASE_SECONDS = 1.5
CLOSE_SECONDS = 0.5
"""For closing connections, which asks nothing of the broker."""
RETRY_MS = 20
"""The broker refuses the first requests of a transaction while it writes the markers of the one before, some
milliseconds long. The client's own pauses of 20 and 100 ms would be most of a small chunk's time."""
sender.BACKOFF_OVERRIDE = 0.004

compress_quickly()


async def open_producer(broker: str, transactional_id: str, timeout_ms: int) -> AIOKafkaProducer:
    """A started producer: the previous owner of the id can write no more, what it left open is aborted.

    ``timeout_ms``: after so long without its end the broker aborts a transaction itself. Raises KafkaError,
    TimeoutError.
    """
    producer = AIOKafkaProducer(
        **client_arguments(broker),
        transactional_id=transactional_id,
        transaction_timeout_ms=timeout_ms,
        compression_type="lz4",
        max_batch_size=LARGEST_BATCH,
        max_request_size=8 << 20,
        linger_ms=0,
        retry_backoff_ms=RETRY_MS,
    )
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await producer.start()
    except BaseException as failure:
        await _tear_down(producer)
        _mark_seen(producer)
        if isinstance(failure, AssertionError):  # the client's, where a broker that comes back names no broker yet
            raise ConnectionError("the broker names no broker yet") from failure
        raise
    return producer


async def release(producer: AIOKafkaProducer) -> None:
    """Close; a transaction under way is aborted, or its commit awaited. Never used again: its epoch ends with it.

    Where the broker does not answer in time, the next owner's fence (or the broker's own timeout) aborts instead.
    """
    transaction = producer._txn_manager
    died_of(producer)  # an abort puts another future in the place of this one
    try:
        async with asyncio.timeout(RELEASE_SECONDS):
            with only_own_cancels():
                if transaction.state in (TransactionState.IN_TRANSACTION, TransactionState.ABORTABLE_ERROR):
                    await producer.abort_transaction()
                elif transaction.state is TransactionState.COMMITTING_TRANSACTION:
                    await asyncio.shield(transaction.wait_for_transaction_end())
                await producer.stop()
    except PASSING as error:
        log.debug("closing a producer: %s", error)
        await _tear_down(producer)
    except asyncio.CancelledError:  # its owner is given up while it closes: then nobody else has this producer
        await _tear_down(producer)
        raise
    finally:
        _mark_seen(producer)


def died_of(producer: AIOKafkaProducer) -> BaseException | None:
    """What ended the transaction in the background, between two of the owner's calls."""
    ended = producer._txn_manager._transaction_waiter
    if ended is None or not ended.done() or ended.cancelled():
        return None
    failure: BaseException | None = ended.exception()
    return failure


def _mark_seen(producer: AIOKafkaProducer) -> None:
    """The owner has the failure from the call that met it: asyncio need not print each future that holds it too.

    When the client's sender dies (fenced, say) it fails the transaction and every batch that it has not sent yet; of a
    batch, the future for "taken up" is one that nobody waits for.
    """
    died_of(producer)
    accumulator = producer._message_accumulator
    for batch in chain(accumulator._pending_batches, *accumulator._batches.values()):
        for future in (batch.future, batch._drain_waiter):
            if future.done() and not future.cancelled():
                future.exception()


async def _tear_down(producer: AIOKafkaProducer) -> None:
    """End what ``stop`` waits for in vain while there is no broker: its requests would be repeated for ever."""
    producer._closed = True
    sender = producer._sender
    for task in asyncio.all_tasks():
        frame = getattr(task.get_coro(), "cr_frame", None)
        if frame is not None and frame.f_locals.get("self") is sender and task is not asyncio.current_task():
            task.cancel()
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            with only_own_cancels():
                await producer.client.close()
    except Exception as error:  # of a task that had died before: a producer that is thrown away has no say any more
        log.debug("closing the connections of a producer: %r", error)
