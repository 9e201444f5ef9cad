"""A Faust app whose agents get chunks, and the worker process that runs it."""

import logging
import sys

import faust

from streams.engine.transport import SCHEME


def create_app(name: str, broker: str, *, max_records: int = 4000, max_bytes: int = 4 << 20) -> faust.App:
    """An app on the transport of chunks: ``max_records`` and ``max_bytes`` bound a chunk of one partition.

    ``name`` is the consumer group and the prefix of all transactional ids: it must stay the same for ever.
    """
    return faust.App(
        name,
        broker=f"{SCHEME}://{broker}",
        store="memory://",
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=max_bytes,
        broker_max_poll_records=max_records,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_commit_interval=3600.0,
        stream_buffer_maxsize=16,
        stream_wait_empty=False,
        web_enabled=False,
        loghandlers=[],
    )


class _Worker(faust.Worker):
    """Faust's worker without its own ideas of logging."""

    def _setup_logging(self) -> None:
        """Logging is set up by whoever runs the worker."""


def run_worker(app: faust.App, *, loglevel: str = "INFO") -> None:
    """Run until SIGTERM or SIGINT; exits non-zero if the app crashed, so that a supervisor starts it again."""
    logging.basicConfig(level=loglevel, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy, level in (("aiokafka", "ERROR"), ("faust", "WARNING"), ("mode", "WARNING")):
        logging.getLogger(noisy).setLevel(level)
    _Worker(app, redirect_stdouts=False, quiet=True).execute_from_commandline()
