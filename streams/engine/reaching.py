"""Asking a broker whether it is there, and lets us in."""

import asyncio
import ssl
import struct

from aiokafka import errors as kafka
from aiokafka.conn import create_conn

from schemas.broker import Broker, BrokerFileError, addresses

ANSWER_WITHIN = 5.0
REFUSED = (
    kafka.SaslAuthenticationFailed,
    kafka.AuthenticationFailedError,
    kafka.AuthenticationMethodNotSupported,
    kafka.UnsupportedSaslMechanismError,
    kafka.IllegalSaslStateError,
)


async def silence(broker: str) -> str | None:
    """Why none of the addresses serves us, the first one's reason; None if any does."""
    reasons = []
    for address in addresses(broker):
        reason = await (_enter(address, broker) if isinstance(broker, Broker) else _knock(address))
        if reason is None:
            return None
        reasons.append(reason)
    told = [reason for reason in reasons if not reason.endswith("does not answer")]
    return (told or reasons or ["there is no address to ask"])[0]


async def answers(broker: str) -> bool:
    """Whether any of the comma-separated addresses serves us."""
    return await silence(broker) is None


async def _knock(address: str) -> str | None:
    """It is asked for its API versions (key 18)."""
    request = struct.pack(">ihhih", 10, 18, 0, 1, -1)
    host, port = _parts(address)
    writer = None
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(request)
            await reader.readexactly(8)
            return None
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return f"{address} does not answer"
    finally:
        if writer is not None:
            writer.close()


async def _enter(address: str, broker: Broker) -> str | None:
    """With encryption and login, as a client does."""
    access = broker.access
    host, port = _parts(address)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            line = await create_conn(
                host, port, request_timeout_ms=int(ANSWER_WITHIN * 1000), max_idle_ms=None, **access.arguments()
            )
    except BrokerFileError as error:
        return str(error)
    except REFUSED as error:
        return (
            f"{address} refuses the login of {access.user} by {access.mechanism} ({type(error).__name__}): compare "
            f"MOBILITY_KAFKA_USER, MOBILITY_KAFKA_MECHANISM and the password in {access.password_file} with what the "
            "broker knows"
        )
    except ssl.SSLCertVerificationError as error:
        return (
            f"the certificate of {address} is not accepted ({error.verify_message}): MOBILITY_KAFKA_CA_FILE has to "
            "hold the certificate of who signed it, and MOBILITY_KAFKA the name that it is made out to"
        )
    except ssl.SSLError as error:
        return (
            f"{address} and this client do not agree on TLS ({error.reason or 'broken off'}): the port may be one "
            "without TLS, or the broker wants a certificate of ours (MOBILITY_KAFKA_CERTIFICATE_FILE)"
        )
    except (OSError, TimeoutError, kafka.KafkaError):
        return f"{address} does not answer"
    line.close()
    return None


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
