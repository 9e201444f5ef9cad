"""``python -m bench``: the same as ``mobility bench``."""

import argparse
import json
import logging
import signal
import sys

from bench.run import run
from deploy.local import LocalServiceError


def _say(step: str, done: int | None = None, total: int | None = None) -> None:
    if done is None or done == total:
        print(step, file=sys.stderr, flush=True)


def main() -> int:
    """0: measured; 1: a participant answered wrongly; 3: the broker can't be had."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The core workload, ours beside its peers.")
    parser.add_argument("--events", type=int, help="size of the input")
    parser.add_argument("--runs", type=int, help="runs of each participant")
    parser.add_argument("--quick", action="store_true", help="about four minutes: fewer facts, no settings tried")
    parser.add_argument("--full", action="store_true", help="without a time limit, up to ten times the facts")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that services and processes are ended on the way out
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        result = run(
            events=given.events, runs=given.runs, quick=given.quick, full=given.full, json=given.json, say=_say
        )
    except (LocalServiceError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, LocalServiceError) else 1
    if given.json:
        print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
