"""A Faust app whose agents get chunks."""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import faust

from schemas.broker import Broker, addresses
from streams.engine.errors import OrphanedError
from streams.engine.orphans import watch_for_orphans
from streams.engine.owners import Owners
from streams.engine.stage import Stage
from streams.engine.transport import SCHEME

log = logging.getLogger("mobility.engine")


class ChunkApp(faust.App):
    """The app that holds the owners of its partitions."""

    owners: Owners


def create_app(
    name: str,
    broker: str,
    *,
    max_records: int = 16_000,
    max_bytes: int = 8 << 20,
    session_seconds: float = 10.0,
    heartbeat_seconds: float = 2.0,
) -> ChunkApp:
    """An app on the transport of chunks: ``max_records`` and ``max_bytes`` bound a chunk of one partition.

    ``name`` is the consumer group and the prefix of all transactional ids: it must stay the same for ever.
    ``broker``: ``host:port``, several with commas; a ``Broker`` brings its way in. A worker silent for
    ``session_seconds`` loses its partitions.
    """
    app = ChunkApp(
        name,
        broker=";".join(f"{SCHEME}://{address}" for address in addresses(broker)),
        broker_credentials=_credentials(broker),
        store="memory://",
        datadir=str(Path(tempfile.gettempdir()) / f"{name}-faust-{os.getuid()}"),  # made by Faust; stays empty
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=max_bytes,
        broker_max_poll_records=max_records,
        broker_session_timeout=session_seconds,
        broker_heartbeat_interval=heartbeat_seconds,
        broker_commit_interval=3600.0,
        stream_buffer_maxsize=4096,
        stream_wait_empty=False,
        web_enabled=False,
        loghandlers=[],
    )
    app.owners = Owners(app, broker)

    async def watch_broker() -> None:
        await app.owners.waiting.watch(broker)

    async def watch_group() -> None:
        try:
            await watch_for_orphans(broker, name, app.owners.sources)
        except OrphanedError as error:
            log.error("%s", error)
            await app.crash(error)

    app.task(watch_broker)
    app.task(watch_group)
    return app


def add_stage(app: ChunkApp, stage: Stage, broker: str = "") -> None:
    """Let the app run the stage: an agent that hands each chunk to the owner of its partition.

    ``broker``: where its transactions go, if not to that of the app.
    """
    app.owners.add(stage, broker or app.owners.broker)
    topic = app.topic(stage.source, key_serializer="raw", value_serializer="raw")

    async def run_chunks(stream: faust.Stream[Any]) -> None:
        async for event in stream.events():
            app.owners.deliver(event.message.value)

    app.agent(topic, name=stage.name)(run_chunks)


def _credentials(broker: str) -> Any:
    """The way in, in Faust's words. Raises BrokerFileError."""
    if not isinstance(broker, Broker):
        return None
    access = broker.access
    context = access.context() if access.encrypted else None
    if not access.logs_in:
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=access.user, password=access.password(), ssl_context=context, mechanism=access.mechanism
    )
