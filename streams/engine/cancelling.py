"""A cancellation that somebody else has swallowed.

The client ends its own background tasks with ``task.cancel()`` and then waits for them, taking any ``CancelledError``
for theirs (``AIOKafkaClient.close``, ``Fetcher.close``, ``NoGroupCoordinator``). If whoever closes a client is
cancelled at that moment, the error is gone, the code goes on, and who waits for its end waits for ever: a worker told
to stop just after it was thawed, with all its owners on their way to their state, hung until it was ended hard.
"""

import asyncio


def heed_cancel() -> None:
    """Raise the CancelledError that this task was sent, if it is still running in spite of it.

    Deadlines (``asyncio.timeout``) take back what they sent, so that only a true cancellation counts.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
