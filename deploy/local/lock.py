"""One start or stop at a time per service and home."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import BusyError, StartError


def lock_handle(file: Path) -> int:
    """The file, open for a lock, made with its folder where it is missing. Raises ``StartError``."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StartError(
            f"{file}: the folder for the data cannot be written ({error.strerror}); "
            "set MOBILITY_HOME to one that can be written"
        ) from error


@contextmanager
def only_one(file: Path, *, seconds: float = 300.0) -> Iterator[None]:
    """Holds an advisory lock on ``file``. The kernel drops it with its holder, so none is ever stale.

    Raises ``BusyError`` when another process holds it for longer than ``seconds``, ``StartError`` when the file
    cannot be written.
    """
    handle = lock_handle(file)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > end:
                    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
                    raise BusyError(
                        f"{file}: process {holder} has held it for {seconds:.0f} s, starting or stopping the "
                        "service; wait for that process or end it, then try again"
                    ) from None
                time.sleep(0.05)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)
