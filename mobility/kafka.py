"""A Kafka that exists, from the settings; and why it does not let us in, when it does not."""

import asyncio
from pathlib import Path

from mobility.errors import UsageError
from mobility.settings import Settings
from schemas.broker import Access, Broker, BrokerFileError

HOW = "See docs/operations.md."


def broker_of(settings: Settings) -> str:
    """Addresses and the way in of the Kafka that the settings name; empty: they name none.

    Raises UsageError when settings contradict each other, BrokerFileError when a file can't be used.
    """
    protocol = settings.kafka_protocol
    if protocol == "PLAINTEXT":
        _refuse_left_over(settings)
        return settings.kafka
    if not settings.kafka:
        raise UsageError(f"MOBILITY_KAFKA_PROTOCOL is {protocol}, but MOBILITY_KAFKA names no Kafka: say host:port.")
    access = Access(
        protocol=protocol,
        mechanism=settings.kafka_mechanism,
        user=settings.kafka_user,
        password_file=_whole(settings.kafka_password_file),
        ca_file=_whole(settings.kafka_ca_file),
        certificate_file=_whole(settings.kafka_certificate_file),
        key_file=_whole(settings.kafka_key_file),
    )
    if access.logs_in and not (access.user and access.password_file):
        raise UsageError(f"{protocol} needs MOBILITY_KAFKA_USER and MOBILITY_KAFKA_PASSWORD_FILE. {HOW}")
    if access.key_file and not access.certificate_file:
        raise UsageError("MOBILITY_KAFKA_KEY_FILE goes with MOBILITY_KAFKA_CERTIFICATE_FILE: set both, or neither.")
    access.arguments()  # a file that can't be used is told now, not by the first client
    return Broker(settings.kafka, access)


def refusal(settings: Settings) -> str | None:
    """Why a Kafka with encryption or logins does not let us in, as a sentence with the next step; None: not known.

    Asks each address, some seconds at most.
    """
    from streams.engine.reaching import silence

    try:
        broker = broker_of(settings)
        why = asyncio.run(silence(broker)) if isinstance(broker, Broker) else None
    except (BrokerFileError, UsageError) as error:
        return str(error)
    return f"Kafka can't be reached: {why}. {HOW}" if why else None


def _refuse_left_over(settings: Settings) -> None:
    """A login that would silently not be used is a mistake."""
    for name in ("user", "password_file", "ca_file", "certificate_file", "key_file"):
        if getattr(settings, f"kafka_{name}"):
            raise UsageError(
                f"MOBILITY_KAFKA_{name.upper()} is set, but MOBILITY_KAFKA_PROTOCOL is not: say SSL, SASL_SSL or "
                f"SASL_PLAINTEXT. {HOW}"
            )


def _whole(path: Path | None) -> Path | None:
    return path.expanduser().resolve() if path else None
