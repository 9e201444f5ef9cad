"""``python -m tests.chaos.work BROKER PARTITIONS SESSION_SECONDS``: a worker with all steps, as in production."""

import sys

from streams.app import mobility_app
from streams.engine import run_worker

if __name__ == "__main__":
    run_worker(mobility_app(sys.argv[1], int(sys.argv[2]), session_seconds=float(sys.argv[3])))
