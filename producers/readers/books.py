"""Workbooks as sheets of rows, read in this process or, where one may need much memory, in a process of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import python_calamine

from producers.readers.model import Limits
from producers.readers.refusals import FileRefused
from producers.readers.repacking import Shape, repack
from producers.readers.sheetprocess import SheetProcess
from producers.readers.sheets import Sheet, examined, in_blocks
from producers.readers.sources import Source, is_encrypted

_RATHER_FAR = 2 << 20
"""Bytes of a workbook that will need a process of its own, most likely: it is started while the workbook is checked."""


class Book(Protocol):
    """An open workbook; ``blocks`` gives every row from the sheet's first on, some hundred at a time."""

    sheets: list[Sheet]
    hidden_rows: bool
    since_1904: bool

    def blocks(self, sheet: Sheet) -> Iterator[list[list[Any]]]:
        """Rows of the sheet, head included. Raises FileRefused when the library fails on it."""

    def close(self) -> None:
        """Free files and processes."""


class NearBook:
    """A workbook read in this process."""

    def __init__(self, path: Path, folder: tempfile.TemporaryDirectory[str], shape: Shape) -> None:
        self._folder = folder
        self.hidden_rows, self.since_1904 = shape.hidden_rows, shape.since_1904
        self._contents: dict[int, Any] = {}
        self.sheets: list[Sheet] = []
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for sheet, content in examined(workbook):
                self.sheets.append(sheet)
                self._contents[sheet.index] = content

    def blocks(self, sheet: Sheet) -> Iterator[list[list[Any]]]:
        """Rows of the sheet; its memory is given back once they are walked."""
        content = self._contents.pop(sheet.index)
        return in_blocks(content.iter_rows()) if sheet.head else iter(())

    def close(self) -> None:
        """Remove the copy that was read."""
        self._contents.clear()
        self._folder.cleanup()


class FarBook:
    """A workbook read by a process with bounded memory and time: old formats, long sheets, sheets of unknown extent."""

    def __init__(
        self,
        path: Path,
        file: str,
        folder: tempfile.TemporaryDirectory[str],
        limits: Limits,
        shape: Shape | None = None,
        process: SheetProcess | None = None,
    ) -> None:
        self._folder = folder
        self.hidden_rows = shape is not None and shape.hidden_rows
        self.since_1904 = shape is not None and shape.since_1904
        sliced = shape is not None and not shape.odd and shape.laid_out > limits.whole_bytes
        self._process = process or SheetProcess(file, limits)
        self.sheets = [Sheet(*said) for said in self._process.open(path, sliced=sliced)]

    def blocks(self, sheet: Sheet) -> Iterator[list[list[Any]]]:
        """Rows of the sheet as they are sent."""
        return self._process.blocks(sheet.index)

    def close(self) -> None:
        """End the process and remove the copy that was read."""
        self._process.close()
        self._folder.cleanup()


def open_xlsx(source: Source, limits: Limits) -> Book:
    """Open an XLSX. Raises FileRefused for bombs, damage, passwords, and workbooks in other ZIP formats."""
    folder = tempfile.TemporaryDirectory(prefix="mobility-")
    process = SheetProcess(source.name, limits) if source.path.stat().st_size > _RATHER_FAR else None
    try:
        copy = Path(folder.name) / "copy.xlsx"
        shape: Shape = repack(source.path, source.name, copy, limits)
        if shape.odd or shape.long or shape.bytes > limits.in_process_bytes:
            return FarBook(copy, source.name, folder, limits, shape, process)
        if process is not None:
            process.close()
        return _near(copy, source.name, folder, shape)
    except BaseException:
        if process is not None:
            process.close()
        folder.cleanup()
        raise


def _near(copy: Path, file: str, folder: tempfile.TemporaryDirectory[str], shape: Shape) -> NearBook:
    try:
        return NearBook(copy, folder, shape)
    except python_calamine.PasswordError:
        raise FileRefused("password", file) from None
    except python_calamine.CalamineError:
        raise FileRefused("damaged", file, what="XLSX") from None


def open_xls(source: Source, limits: Limits) -> Book:
    """Open an OLE container: an old workbook, or an encrypted one, which is refused as such."""
    if is_encrypted(source):
        raise FileRefused("password", source.name)
    folder = tempfile.TemporaryDirectory(prefix="mobility-")
    try:
        called = Path(folder.name) / "old.xls"  # the library goes by the name's end, and its sender may have renamed it
        called.symlink_to(source.path.resolve())
        return FarBook(called, source.name, folder, limits)
    except BaseException:
        folder.cleanup()
        raise
