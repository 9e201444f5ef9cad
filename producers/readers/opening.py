"""From a path to readings: what a file is, is asked of its content; what goes wrong ends in a FileRefused."""

import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from producers.readers.books import Book, open_xls, open_xlsx
from producers.readers.csvfiles import open_csv
from producers.readers.d02xml import form_of_root, open_d02_xml
from producers.readers.envelope import open_envelope
from producers.readers.inflating import Inflater, read_directory
from producers.readers.model import DEFAULT_LIMITS, Limits, Reading, Row, RowRefused
from producers.readers.order import LAST, rank_of, told_by_head
from producers.readers.refusals import FileRefused
from producers.readers.sources import Source, shape_of, survey
from producers.readers.tables import read_book
from producers.readers.texts import shown
from producers.readers.xmlwalk import root_of

_CLUTTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def open_readings(path: Path, *, limits: Limits = DEFAULT_LIMITS, in_order: bool = False) -> "Readings":
    """Readings of a file: one for a CSV or XML, one for each list of a workbook, envelope or ZIP.

    ``in_order``: files of a ZIP by kind (``producers.readers.order``), those of one kind as they are packed; else all
    as they are packed. For the order each of them is unpacked and opened once more.
    Walk a reading's rows before asking for the next one: its temporary copies go away then.
    """
    return Readings(Path(path), limits, in_order)


class Readings(Iterator[Reading]):
    """Iterator of readings. ``next`` and the rows raise FileRefused.

    In a ZIP every inner file stands alone: after the FileRefused of one, ``next`` goes on with the following file.
    Copies on disk are removed at the end, on ``close``, or on leaving ``with``.
    """

    def __init__(self, path: Path, limits: Limits, in_order: bool) -> None:
        self._parts: Iterator[Callable[[], Iterator[Reading]]] = _parts(path, limits, in_order)
        self._current: Iterator[Reading] = iter(())

    def __next__(self) -> Reading:
        """The next reading; StopIteration at the end."""
        while True:
            try:
                return next(self._current)
            except StopIteration:
                self._current = next(self._parts)()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Remove copies on disk."""
        self.close()

    def close(self) -> None:
        """Stop: remove copies on disk, end processes. Readings given so far cannot be walked any more."""
        for steps in (self._current, self._parts):
            if close := getattr(steps, "close", None):
                close()


def _parts(path: Path, limits: Limits, in_order: bool) -> Iterator[Callable[[], Iterator[Reading]]]:
    """One opener for a plain file, one for each member of a ZIP; refusals are raised by the openers' iterators."""
    source = survey(path, shown_name(path), limits)
    members = None
    if shape_of(source) == "zip":
        members = [i for i in read_directory(path, source.name, limits) if not _is_clutter(i.filename)]
        if not members:
            raise FileRefused("zip-empty", source.name)
        if _is_document({info.filename.lower() for info in members}):
            members = None
    if members is None:
        yield lambda: _guarded(source, limits)
        return
    if in_order and len(members) > 1:
        trial = Inflater(path, source.name, limits)
        members.sort(key=lambda info: _rank(info, source, trial, limits))
    inflater = Inflater(path, source.name, limits)
    for info in members:
        yield partial(_member, info, source, inflater, limits)


def _member(
    info: zipfile.ZipInfo, source: Source, inflater: Inflater, limits: Limits
) -> Generator[Reading, None, None]:
    """The readings of a file of a ZIP; its copy on disk goes away with them."""
    name = shown(info.filename.replace("\\", "/").rpartition("/")[2]) or "?"
    with tempfile.TemporaryDirectory(prefix="mobility-") as folder:
        inner = Path(folder) / "part"
        with inner.open("wb") as written:
            for chunk in inflater.chunks(info):
                written.write(chunk)
        part = survey(inner, f"{source.name}/{name}", limits, outer_sha256=source.sha256, depth=1)
        yield from _guarded(part, limits)


def _rank(info: zipfile.ZipInfo, source: Source, inflater: Inflater, limits: Limits) -> int:
    """Place in the order of a file of a ZIP."""
    try:
        told = told_by_head(next(inflater.chunks(info), b""), info.file_size)
        if told is not None:
            return told
    except FileRefused:
        return LAST
    with closing(_member(info, source, inflater, limits)) as readings:
        return rank_of(readings)


def _is_document(names: set[str]) -> bool:
    """Whether the members are one office document, and not files that somebody packed."""
    return "[content_types].xml" in names or {"mimetype", "content.xml"} <= names


def _is_clutter(name: str) -> bool:
    return name.lower().startswith(_CLUTTER[0]) or name.lower().rpartition("/")[2] in _CLUTTER[1:]


def shown_name(path: Path) -> str:
    """File name without folders, as messages show it."""
    return path.name.encode("utf-8", "replace").decode()[:120] or "?"


def _guarded(source: Source, limits: Limits) -> Iterator[Reading]:
    """The readings of one file; whatever a library throws becomes a FileRefused that names the file."""
    try:
        for reading in _open(source, limits):
            reading.rows = _guarded_rows(source, reading.rows)
            yield reading
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("unexpected", source.name, what=type(error).__name__) from error
    except BaseException as panic:
        raise _panic(source, panic) from None


def _guarded_rows(source: Source, rows: Iterator[Row | RowRefused]) -> Iterator[Row | RowRefused]:
    try:
        yield from rows
        unchanged = source.unchanged()
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("unexpected", source.name, what=type(error).__name__) from error
    except BaseException as panic:
        raise _panic(source, panic) from None
    if not unchanged:
        raise FileRefused("changed", source.name)


def _panic(source: Source, panic: BaseException) -> BaseException:
    """A Rust library's panic is no Exception; everything else of that rank passes unchanged."""
    return FileRefused("unexpected", source.name, what="panic") if type(panic).__name__ == "PanicException" else panic


def _open(source: Source, limits: Limits) -> Iterator[Reading]:
    shape = shape_of(source)
    if shape == "zip":
        names = {info.filename.lower() for info in read_directory(source.path, source.name, limits)}
        if "xl/workbook.bin" in names:
            raise FileRefused("unknown-format", source.name, what="XLSB")
        if "content.xml" in names:
            raise FileRefused("unknown-format", source.name, what="ODS")
        if "word/document.xml" in names:
            raise FileRefused("unknown-format", source.name, what="DOCX")
        if not _is_document(names):
            raise FileRefused("zip-nested", source.name)
        yield from _workbook(open_xlsx(source, limits), source, limits)
    elif shape == "ole":
        yield from _workbook(open_xls(source, limits), source, limits)
    elif shape == "xml":
        root = root_of(source.path, source.name)
        if root == "Hoso":
            yield from open_envelope(source, limits)
        elif form := form_of_root(root):
            yield open_d02_xml(source, form, limits)
        else:
            raise FileRefused("unknown-xml", source.name, root=shown(root))
    else:
        yield open_csv(source, limits)


def _workbook(book: Book, source: Source, limits: Limits) -> Iterator[Reading]:
    try:
        yield from read_book(book, source, limits)
    finally:
        book.close()
