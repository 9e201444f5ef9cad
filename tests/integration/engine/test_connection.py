"""A connection that is lost while a request is written."""

import asyncio

import pytest
import uvloop
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from streams.engine.connection import Connection
from tests.chaos.processes import Broker

pytestmark = pytest.mark.services


def test_write_to_a_lost_connection_is_a_broken_connection_under_uvloop(broker: Broker) -> None:
    async def run() -> None:
        host, port = broker.address.split(":")
        line = Connection(host, int(port))
        await line.connect()
        assert await line.send(MetadataRequest([]))
        line._writer.transport.abort()
        await asyncio.sleep(0)  # now the loop knows, and the client does not
        assert line._writer is not None
        with pytest.raises(KafkaConnectionError, match="handler is closed"):
            line.send(MetadataRequest([]))
        assert line._writer is None

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
