"""A small extension of Faust: a pure step over chunks of records, each chunk one Kafka transaction.

It knows nothing of workers or unions and could stand as a library of its own (``docs/engine.md``):

- ``app``, ``worker``, ``stage``: what a user of it sees;
- ``transport``, ``fetch``: a Faust transport (``kafka+chunks://``) whose consumer hands an agent one message per chunk;
- ``unread``, ``records``: what a fetch brought, checked when a chunk takes it, decoded while its step reads it;
- ``owners``, ``owner``: who owns which partition; one owner's state and chunks: fence, recover, skip, run;
- ``transaction``, ``writer``, ``producer``: what a chunk leads to, as record batches of one transaction;
- ``recovery``: state and position back from the changelog;
- ``poison``, ``deadletters``: records that can't be processed, and how they come back;
- ``memory``: what is freed stays with the process;
- ``reaching``: whether the broker is there and lets us in; ``waiting``, ``metrics``: what it says of itself.
"""

from streams.engine.app import ChunkApp, add_stage, create_app
from streams.engine.stage import Stage
from streams.engine.worker import run_worker

__all__ = ["ChunkApp", "Stage", "add_stage", "create_app", "run_worker"]
