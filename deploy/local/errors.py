"""What can go wrong with the embedded services; the messages are what the user reads."""

INSTEAD = (
    "or use services that exist: MOBILITY_KAFKA=host:port and "
    "MOBILITY_POSTGRES=postgresql://user:password@host:port/database"
)
"""The way round that every message about a service that cannot be had ends with."""


class LocalServiceError(Exception):
    """An embedded Kafka or PostgreSQL cannot be used; the message names the place and the next step."""


class FetchError(LocalServiceError):
    """A file or package that the embedded services need could not be fetched; one sentence."""


class ChecksumError(LocalServiceError):
    """A jar is not the one whose SHA-256 the repository lists; it is never loaded."""


class StartError(LocalServiceError):
    """A service did not come up; the message names its log."""


class BusyError(LocalServiceError):
    """Another process has been starting or stopping the same service for too long."""
