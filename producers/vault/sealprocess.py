"""Sealing on another processor: large blocks of newcomers go to a process of its own, started when the first one comes.

Frames on the pipe: 8 bytes of length, then a marshalled tuple: (hand, newcomers) there, (persons, numbers) back. Keys
travel on the pipe alone, never by argument or environment.
"""

import contextlib
import marshal
import os
import struct
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from producers.vault.newcomers import Hand, Newcomer, rows_of

LARGE = 2_000
"""Newcomers in a block from which a process of 0.2 s to start and 30 MB is worth it."""


class Sealer:
    """Context manager. ``begin`` what is to be sealed, and take the rows once they are needed."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._broken = False

    def begin(self, newcomers: list[Newcomer], hand: Hand) -> "Future[tuple[bytes, bytes]]":
        """``rows`` in the background, one block after the other."""
        self._thread = self._thread or ThreadPoolExecutor(1, "sealing")
        return self._thread.submit(self.rows, newcomers, hand)

    def rows(self, newcomers: list[Newcomer], hand: Hand) -> tuple[bytes, bytes]:
        """As ``newcomers.rows_of``. Where the process can't be had or has died, it is done here."""
        if not self._broken and (self._process is not None or len(newcomers) >= LARGE):
            try:
                return self._ask(newcomers, hand)
            except (OSError, ValueError, EOFError):
                self._broken = True
                self._end()
        return rows_of(newcomers, hand)

    def _ask(self, newcomers: list[Newcomer], hand: Hand) -> tuple[bytes, bytes]:
        process = self._process = self._process or _started()
        assert process.stdin and process.stdout  # noqa: S101 - opened with it
        frame = marshal.dumps(((bytes(hand.master), *hand[1:]), newcomers))
        process.stdin.write(struct.pack("<Q", len(frame)) + frame)
        process.stdin.flush()
        size = process.stdout.read(8)
        answer = process.stdout.read(struct.unpack("<Q", size)[0]) if len(size) == 8 else b""
        if len(size) < 8 or len(answer) < struct.unpack("<Q", size)[0]:
            raise BrokenPipeError("the sealing process has ended")
        found: tuple[bytes, bytes] = marshal.loads(answer)  # noqa: S302 - from our own child
        return found

    def close(self) -> None:
        """End thread and process, if there are any."""
        thread, self._thread = self._thread, None
        self._end()
        if thread is not None:
            thread.shutdown(wait=True, cancel_futures=True)
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):
                process.communicate()

    def __enter__(self) -> "Sealer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _started() -> "subprocess.Popen[bytes]":
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, "-m", "producers.vault.sealworker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
    )
