"""Errors of the packages below, as the user reads them. Imported only when there is one: it imports all of them."""

import os

from pydantic import ValidationError

from consumers.watch.errors import AccountError
from deploy.local import LocalServiceError
from deploy.topics import TopicMismatchError
from mobility.errors import FOUND_WRONG, UNREACHABLE, WRONG_USAGE
from mobility.kafka import refusal
from mobility.postgres import NO_DSN, is_dsn, without_password
from mobility.refused_settings import sentence
from mobility.settings import Settings
from producers.errors import IntakeError, KafkaAway, ServiceAway
from schemas.broker import BrokerFileError

_AWAY = ("Connection", "Broker", "Timeout", "Authentication", "Sasl")
"""In the names of the Kafka clients' errors."""


def sentence_of(error: Exception) -> tuple[str, int] | None:
    """Errors of the packages below as a sentence and an exit code; None for one that is a fault of the program."""
    if isinstance(error, ValidationError) and error.title == "Settings":
        return sentence(error), WRONG_USAGE
    if isinstance(error, UnicodeEncodeError) and error.encoding == "utf-8":
        return "A word of the command line is no text in UTF-8.", WRONG_USAGE
    if isinstance(error, TopicMismatchError | AccountError | BrokerFileError):
        return str(error), WRONG_USAGE
    if isinstance(error, LocalServiceError | ServiceAway):
        return (isinstance(error, KafkaAway) and refusal(Settings())) or str(error), UNREACHABLE
    if isinstance(error, IntakeError):
        return str(error), FOUND_WRONG
    package, name = type(error).__module__.partition(".")[0], type(error).__name__
    if package == "psycopg" and name == "ProgrammingError" and not is_dsn(Settings().postgres):
        return NO_DSN, WRONG_USAGE
    if package == "psycopg" and _is_about_a_value(error):
        return f"PostgreSQL can't hold a value that was given ({name}): is a number or a text too long?", WRONG_USAGE
    if package == "psycopg" and name in ("OperationalError", "PoolTimeout"):
        first = without_password(str(error).partition("\n")[0], Settings().postgres)
        return f"PostgreSQL can't be reached: {first}. {_next_step('POSTGRES')}", UNREACHABLE
    if package in ("kafka", "aiokafka") and "Authorization" in name:
        return f"Kafka does not allow this to us: {error}. Its rules (ACLs) are in docs/operations.md.", UNREACHABLE
    if package in ("kafka", "aiokafka") and any(word in name for word in _AWAY):
        return refusal(Settings()) or f"Kafka can't be reached: {error}. {_next_step('KAFKA')}", UNREACHABLE
    if isinstance(error, OSError) and error.strerror:
        place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        return f"{place}{error.strerror}.", UNREACHABLE if isinstance(error, ConnectionError) else FOUND_WRONG
    return None


def _is_about_a_value(error: Exception) -> bool:
    """The error's own words are not repeated: they may hold the value, and that a name or a number."""
    return any(kind.__name__ == "DataError" for kind in type(error).__mro__)


def _next_step(service: str) -> str:
    if getattr(Settings(), service.lower()):
        return f"Is it running there, and is MOBILITY_{service} right?"
    return "Is it running? mobility up starts it."
