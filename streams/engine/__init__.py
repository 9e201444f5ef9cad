"""A small extension of Faust: a pure step over chunks of records, each chunk one Kafka transaction.

It knows nothing of workers or unions and could stand as a library of its own:

- ``transport``: a Faust transport (``kafka+chunks://``) whose consumer hands an agent one message per fetched chunk;
- ``writer``: the records that a chunk leads to, as record batches of one transaction;
- ``owner``: a partition's state and transactional id: fence, recover, skip to the committed offset, run chunks;
- ``stage``: binds a step to its topics and to Faust's agents and rebalances.
"""

from streams.engine.stage import Stage, add_stage
from streams.engine.worker import create_app, run_worker

__all__ = ["Stage", "add_stage", "create_app", "run_worker"]
