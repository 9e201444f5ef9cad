"""Connections that break under uvloop as they do under asyncio.

Between the loss of a connection and the client's hearing of it, asyncio swallows what is written; uvloop raises
RuntimeError. aiokafka takes that for a fault of its own: its task that keeps the cluster's metadata ends for good, and
a producer or consumer that lives on without it finds no leader any more once the broker is back.
"""

from typing import Any

from aiokafka import conn
from aiokafka.errors import KafkaConnectionError, KafkaError


class Connection(conn.AIOKafkaConnection):
    """The client's connection; a write to one that is gone is a failure of the network."""

    def send(self, request: Any, expect_response: bool = True) -> Any:
        """As the client's own. Raises KafkaConnectionError also where the loop refuses the write."""
        try:
            return super().send(request, expect_response)
        except KafkaError:  # these are runtime errors too
            raise
        except RuntimeError as refusal:
            self.close(reason=conn.CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"Connection at {self._host}:{self._port} broken: {refusal}") from refusal


def use_connections_that_break_well() -> None:
    """From now on, every client of this process."""
    conn.AIOKafkaConnection = Connection
