"""The answering end of a sheet process; see ``sheetprocess`` for the frames."""

import gc
import marshal
import os
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine

from producers.readers.cells import portable
from producers.readers.sheets import Sheet, examined, in_blocks
from producers.readers.slices import SlicedWorkbook


def _send(out: BinaryIO, kind: str, content: Any) -> None:
    _write(out, marshal.dumps((kind, content)))


def _write(out: BinaryIO, frame: bytes) -> None:
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


def _send_rows(out: BinaryIO, rows: list[Any]) -> None:
    """Rows as a frame; only a block with dates in it is looked at cell by cell."""
    try:
        frame = marshal.dumps(("rows", rows))
    except ValueError:
        frame = marshal.dumps(("rows", [list(map(portable, row)) for row in rows]))
    _write(out, frame)


def _answer(sheets: Iterable[Sheet], rows_of: Callable[[int], Iterator[Any]], out: BinaryIO, asked: BinaryIO) -> None:
    """Tell of the sheets, then send each sheet that is asked for."""
    for sheet in sheets:
        head = [[portable(cell) for cell in row] for row in sheet.head]
        _send(out, "sheet", (sheet.index, sheet.name, sheet.hidden, sheet.offset, head))
    _send(out, "end", None)
    while len(wanted := asked.read(4)) == 4:
        for block in in_blocks(rows_of(struct.unpack("<I", wanted)[0])):
            _send_rows(out, block)
        _send(out, "end", None)


def _whole(path: str, out: BinaryIO, asked: BinaryIO) -> None:
    """Read by the library as it is: old formats, and workbooks spelled so that they cannot be cut."""
    contents: dict[int, Any] = {}
    sheets = []
    with python_calamine.CalamineWorkbook.from_path(path) as workbook:
        for sheet, content in examined(workbook):
            contents[sheet.index] = content
            sheets.append(sheet)

    def rows_of(index: int) -> Iterator[Any]:
        content = contents.pop(index)
        return iter(content.iter_rows()) if content.start else iter(())

    _answer(sheets, rows_of, out, asked)


def _sliced(path: str, out: BinaryIO, asked: BinaryIO) -> None:
    workbook = SlicedWorkbook(Path(path))
    _answer(workbook.sheets, workbook.rows, out, asked)


def main() -> None:
    """The answering end: ``python -m producers.readers.sheetworker BYTES SECONDS``; which workbook, it is asked."""
    memory, seconds = sys.argv[1:3]
    _bound(int(memory), int(seconds))
    gc.disable()  # rows are many small lists and never cycles
    asked, out = sys.stdin.buffer, sys.stdout.buffer
    if len(size := asked.read(4)) < 4:
        return  # it needed no process
    way, path = marshal.loads(asked.read(struct.unpack("<I", size)[0]))  # noqa: S302 - from our own parent
    try:
        (_sliced if way == "sliced" else _whole)(path, out, asked)
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:  # a panic of the library is no Exception
        _send(out, "failed", type(error).__name__)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
