"""A stop that a signal asks for."""

import signal
import threading
from collections.abc import Callable
from typing import Any


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM, SIGINT and SIGHUP (the terminal was closed) set."""
    stop = threading.Event()
    _on_end(lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    return stop


def interrupt_on_signals() -> None:
    """From now on SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does: what was begun is undone."""
    _on_end(signal.default_int_handler)


def _on_end(handler: Callable[..., Any]) -> None:
    signal.signal(signal.SIGTERM, handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: it is to outlive its terminal
        signal.signal(signal.SIGHUP, handler)
