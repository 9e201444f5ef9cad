"""A log filter: what a library repeats while a broker is away is said once a minute."""

import logging
import time

EVERY_SECONDS = 60.0


class Seldom(logging.Filter):
    """Lets the same message (before its arguments) of the named libraries through once a minute."""

    def __init__(self, libraries: set[str]) -> None:
        super().__init__()
        self._libraries = libraries
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to show it."""
        if record.name.partition(".")[0] not in self._libraries:
            return True
        what = (record.name, str(record.msg))
        now = time.monotonic()
        if now - self._said.get(what, -EVERY_SECONDS) < EVERY_SECONDS:
            return False
        self._said[what] = now
        return True
