"""What can stop the intake as a whole. Rows and files that are refused are not errors: they are on the receipt."""


class IntakeError(Exception):
    """Something stopped the intake; nothing was half-published. The text names the thing and the next step."""


class ServiceAway(IntakeError):
    """Kafka or PostgreSQL can't be reached (exit code 3). Files stay as they are: send them again later."""


class KafkaAway(ServiceAway):
    """Kafka can't be reached or doesn't answer in time."""


class PostgresAway(ServiceAway):
    """PostgreSQL can't be reached or closed the connection."""


class TopicMissing(IntakeError):
    """A topic of the topic table does not exist on this Kafka."""


class Overtaken(IntakeError):
    """Another publisher fenced this one off; its staged work is looked up and settled by the next run."""


class KeyMissing(IntakeError):
    """The vault holds persons but its key is not there."""


class KeyUnfit(IntakeError):
    """The key is there but damaged, readable by others, or not the one that this vault was made with."""


class IntakeBusy(IntakeError):
    """Another intake holds the lock, and whoever asked does not want to wait."""
