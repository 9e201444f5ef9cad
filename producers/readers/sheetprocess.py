"""The asking end of a sheet process: a workbook read under a bound on memory and time, rows handed back in blocks.

A damaged or hostile workbook can make the spreadsheet library ask for any amount of memory, which ends the process
that asks. Frames on the pipe: 4 bytes of length, then a marshalled tuple (kind, content).
"""

import contextlib
import marshal
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from producers.readers.model import Limits
from producers.readers.refusals import FileRefused


class SheetProcess:
    """One process for one workbook. It is made before the workbook is checked: to start takes a quarter of a second."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        bounds = [str(limits.max_process_bytes), str(limits.max_process_seconds)]
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "producers.readers.sheetworker", *bounds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
        )

    def open(self, path: Path, *, sliced: bool = False) -> list[tuple[Any, ...]]:
        """(index, name, hidden, offset, head) of every sheet worth looking at.

        ``sliced``: an XLSX whose spelling is known (``repacking``), read some thousand rows at a time.
        """
        said = marshal.dumps(("sliced" if sliced else "whole", str(path.absolute())))
        self._ask(struct.pack("<I", len(said)) + said)
        found: list[tuple[Any, ...]] = []
        while (frame := self._frame())[0] == "sheet":
            found.append(tuple(frame[1]))
        return found

    def blocks(self, index: int) -> Iterator[list[list[Any]]]:
        """Rows of one sheet, a frame's at a time; each sheet can be asked for once."""
        self._ask(struct.pack("<I", index))
        while (frame := self._frame())[0] == "rows":
            yield frame[1]

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        with contextlib.suppress(OSError):
            self._process.communicate()

    def _ask(self, said: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened above
        try:
            self._process.stdin.write(said)
            self._process.stdin.flush()
        except OSError:
            raise self._failure("") from None

    def _frame(self) -> tuple[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        size = self._process.stdout.read(4)
        if len(size) < 4:
            raise self._failure("")
        frame: tuple[str, Any] = marshal.loads(self._process.stdout.read(struct.unpack("<I", size)[0]))  # noqa: S302
        if frame[0] == "failed":
            raise self._failure(frame[1])
        return frame

    def _failure(self, said: str) -> FileRefused:
        """What went wrong there, in the words of a refusal. A process that died mute asked for too much memory."""
        self.close()
        if said == "PasswordError":
            return FileRefused("password", self._file)
        if self._process.returncode == -24 or said == "slow":  # SIGXCPU
            return FileRefused("slow", self._file, limit=self._limits.max_process_seconds)
        if said in ("", "MemoryError"):
            return FileRefused("memory", self._file, limit=self._limits.max_process_bytes)
        return FileRefused("damaged", self._file, what="XLS/XLSX")
