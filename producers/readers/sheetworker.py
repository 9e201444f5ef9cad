"""The answering end of a sheet process; see ``sheetprocess`` for the frames."""

import marshal
import os
import struct
import sys
from itertools import islice
from typing import Any, BinaryIO

import python_calamine

from producers.readers.cells import portable
from producers.readers.sheets import examined

_BLOCK = 1_000  # rows a frame


def _send(out: BinaryIO, kind: str, content: Any) -> None:
    frame = marshal.dumps((kind, content))
    out.write(struct.pack("<I", len(frame)) + frame)
    out.flush()


def _bound(memory: int, seconds: int) -> None:
    """Limits of the system on this process; a system without them is served without."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(path: str, out: BinaryIO, asked: BinaryIO) -> None:
    """Tell of the sheets, then send each sheet that is asked for."""
    contents: dict[int, Any] = {}
    with python_calamine.CalamineWorkbook.from_path(path) as workbook:
        for sheet, content in examined(workbook):
            contents[sheet.index] = content
            head = [[portable(cell) for cell in row] for row in sheet.head]
            _send(out, "sheet", (sheet.index, sheet.name, sheet.hidden, sheet.offset, head))
    _send(out, "end", None)
    while len(wanted := asked.read(4)) == 4:
        content = contents.pop(struct.unpack("<I", wanted)[0])
        walk = iter(content.iter_rows()) if content.start else iter(())
        while block := [list(map(portable, row)) for row in islice(walk, _BLOCK)]:
            _send(out, "rows", block)
        _send(out, "end", None)


def main() -> None:
    """The answering end: ``python -m producers.readers.sheetworker PATH BYTES SECONDS``."""
    path, memory, seconds = sys.argv[1:4]
    _bound(int(memory), int(seconds))
    out = sys.stdout.buffer
    try:
        _answer(path, out, sys.stdin.buffer)
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:  # a panic of the library is no Exception
        _send(out, "failed", type(error).__name__)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
