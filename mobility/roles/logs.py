"""Where a role's log goes: standard error, which ``mobility up`` keeps in the role's file."""

import logging
import sys


def log_to_stderr(level: str) -> None:
    """Log lines with time, level and module from ``level`` (such as ``INFO``) on; packages below ours from WARNING on.

    Raises ValueError for a level that does not exist.
    """
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    for ours in ("consumers", "mobility", "producers", "schemas", "streams"):
        logging.getLogger(ours).setLevel(level.upper())
