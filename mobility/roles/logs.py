"""Where a role's log goes: standard error, which ``mobility up`` keeps in the role's file."""

import logging
import sys
import time
from typing import Final

OURS: Final = ("consumers", "mobility", "producers", "schemas", "streams")
CLIENTS: Final = ("aiokafka", "kafka")
SPARING_SECONDS: Final = 30.0


class SaidOnce(logging.Filter):
    """Lets each sentence of the packages below ours through once in ``SPARING_SECONDS``.

    While a broker is away, the Kafka clients say so ten times a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.name.partition(".")[0] in OURS:
            return True
        sentence, now = (record.name, str(record.msg)), time.monotonic()
        if now < self._said.get(sentence, -SPARING_SECONDS) + SPARING_SECONDS:
            return False
        self._said[sentence] = now
        return True


def keep_clients_silent() -> None:
    """For commands: what a client of Kafka meets on its way is no news to a person, who is told how it ended."""
    for client in CLIENTS:
        logging.getLogger(client).setLevel(logging.CRITICAL + 1)


def log_to_stderr(level: str) -> None:
    """Log lines with time, level and module from ``level`` (``INFO``) on; packages below ours from WARNING on."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    lines.addFilter(SaidOnce())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(level)
    for client in CLIENTS:
        logging.getLogger(client).setLevel(logging.NOTSET)
