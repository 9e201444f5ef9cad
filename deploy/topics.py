"""Topics on a broker, made from the table in ``schemas``."""

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from schemas.broker import client_arguments
from schemas.topics import topic_table


class TopicMismatchError(Exception):
    """A topic exists with another partition count than the setting; keys would change their partition."""


def ensure_topics(broker: str, partitions: int, *, replication: int = 1) -> list[str]:
    """Create what is missing; gives the names of the topics made. Settings of existing topics are left alone.

    Raises TopicMismatchError, and KafkaError when the broker can't be reached.
    """
    admin = KafkaAdminClient(**client_arguments(broker))
    try:
        table = topic_table()
        existing = {row["name"]: len(row["partitions"]) for row in admin.describe_topics() if row["name"] in table}
        for name, count in existing.items():
            if count != partitions:
                raise TopicMismatchError(
                    f"topic {name} has {count} partitions, MOBILITY_PARTITIONS says {partitions}: "
                    f"set it to {count}, or use another broker"
                )
        missing = [topic for topic in table.values() if topic.name not in existing]
        for topic in missing:
            _create(admin, NewTopic(topic.name, partitions, replication, topic_configs=topic.config()))
        return [topic.name for topic in missing]
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, topic: NewTopic) -> None:
    try:
        admin.create_topics([topic])
    except TopicAlreadyExistsError:
        return  # another process was faster
