"""A cancellation that somebody else has swallowed, and one that nobody sent.

The client ends its own background tasks with ``task.cancel()`` and then waits for them, taking any ``CancelledError``
for theirs (``AIOKafkaClient.close``, ``Fetcher.close``, ``NoGroupCoordinator``). If whoever closes a client is
cancelled at that moment, the error is gone, the code goes on, and who waits for its end waits for ever: a worker told
to stop just after it was thawed, with all its owners on their way to their state, hung until it was ended hard.

The other way round, where the client cancels a future that others wait for (a lookup of the coordinator, a position,
when a connection breaks at the wrong moment), they get a ``CancelledError`` that was never meant for them: an owner
that took it for its own left the partition to nobody, without a word.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


def heed_cancel() -> None:
    """Raise the CancelledError that this task was sent, if it is still running in spite of it.

    Deadlines (``asyncio.timeout``) take back what they sent, so that only a true cancellation counts.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextmanager
def only_own_cancels() -> Iterator[None]:
    """A CancelledError that this task was not sent becomes what it stands for, a failure of the client.

    Raises ConnectionError in its place.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        heed_cancel()
        raise ConnectionError("the client gave up what was waited for") from error
