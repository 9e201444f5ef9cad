"""Failures of the engine, by what cures them."""

from aiokafka import errors as kafka

FENCED = (kafka.ProducerFenced, kafka.InvalidProducerEpoch)
"""Another owner has taken the transactional id."""

FATAL = (
    kafka.MessageSizeTooLargeError,
    kafka.RecordListTooLargeError,
    kafka.InvalidTopicError,
    kafka.TopicAuthorizationFailedError,
    kafka.GroupAuthorizationFailedError,
    kafka.ClusterAuthorizationFailedError,
    kafka.TransactionalIdAuthorizationFailed,
    kafka.UnsupportedVersionError,
    kafka.IncompatibleBrokerVersion,
)
"""Answers of the broker that waiting does not change: the worker stops."""

PASSING = (kafka.KafkaError, OSError, TimeoutError)
"""Everything else that broker or network can do: start over from the fence until it works."""


class RecordTooLargeError(ValueError):
    """A record of state or output that no batch can hold. The worker stops: to skip it would lose a count."""


class OrphanedError(RuntimeError):
    """Partitions that no worker of the group owns although the group is at rest. The worker stops, to join anew."""


class StateLostError(RuntimeError):
    """The changelog does not fit its source or the group's offset. The worker stops rather than count from nothing."""
