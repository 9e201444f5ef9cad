"""From a path to staged filings: each file, or each file of a ZIP, in a savepoint of its own."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from producers.readers import FileRefused, Reading, open_readings
from producers.readers.harmless import public_name
from producers.staging.desk import Desk
from producers.staging.file import FileStaging
from producers.staging.filing import Filing
from producers.staging.words import sentence
from producers.validate.claims import FileFault
from schemas.states import Receipt, Refused

ZIP = b"PK"


class _Part:
    """A savepoint and what is staged in it."""

    def __init__(self, desk: Desk, name: str, *, unit: str, dossier: str, replaces: str) -> None:
        self.name, self._desk = name, desk
        self._savepoint = ExitStack()
        self._savepoint.enter_context(desk.connection.transaction())
        self._mark = desk.spool.mark()
        self.staging = FileStaging(desk, name, unit=unit, dossier=dossier, replaces=replaces)

    def finish(self) -> list[Filing | Receipt]:
        """What was staged; a file without a single row, or that as a whole can't be, is refused with that sentence."""
        try:
            filings = self.staging.finish()
        except FileFault as fault:
            self.discard(fault)
            return [_refused_file(self.name, fault)]
        self._savepoint.close()
        return [*filings] or [_refused_file(self.name, FileRefused("no-rows", self.name))]

    def discard(self, error: BaseException) -> None:
        """Back to before this file; ``error`` is why."""
        self._desk.connection.give_up()
        self._savepoint.__exit__(type(error), error, error.__traceback__)
        self._desk.spool.rewind_to(self._mark)
        self._desk.forget()


def stage_parts(
    desk: Desk,
    path: Path,
    *,
    unit: str,
    dossier: str,
    replaces: str,
    progress: Callable[[str, int], None],
    as_read: Callable[[Reading], Reading] = lambda reading: reading,
) -> Iterator[Filing | Receipt]:
    """Filings of what was staged; a receipt with one refusal (``line`` empty) for each file refused as a whole.

    Several forms in an envelope, several lists in a workbook, are one file: all or nothing. Files of a ZIP stand alone.
    ``as_read``: what to make of each reading first.
    """
    archive = _is_archive(path)
    part: _Part | None = None
    refused: set[str] = set()
    with open_readings(path, in_order=True) as readings:
        while True:
            name = ""
            try:
                reading = next(readings, None)
                if reading is None:
                    break
                name = _part_name(reading.file, archive)
                if name in refused:
                    continue
                if part is None or part.name != name:
                    if part is not None:
                        yield from part.finish()
                    part = _Part(desk, name, unit=unit, dossier=dossier, replaces=replaces)
                part.staging.take(as_read(reading), progress)
            except (FileRefused, FileFault) as error:
                name = name or _part_name(error.file if isinstance(error, FileRefused) else path.name, archive)
                refused.add(name)
                if part is not None and part.name == name:
                    part.discard(error)
                    part = None
                yield _refused_file(name, error)
                if not archive:
                    break
            except BaseException as error:
                if part is not None:
                    part.discard(error)
                raise
        if part is not None:
            try:
                finished = part.finish()
            except BaseException as error:
                part.discard(error)
                raise
            yield from finished


def _is_archive(path: Path) -> bool:
    """A ZIP of files (a workbook is a ZIP too, but its lists are not files: their names say so, see ``_part_name``)."""
    try:
        if not path.is_file():  # opening a pipe waits for whoever writes into it
            return False
        with path.open("rb") as file:
            return file.read(2) == ZIP
    except OSError:
        return False


def _part_name(file: str, archive: bool) -> str:
    pieces = file.split("/")
    return "/".join(pieces[:2]) if archive else pieces[0]


def _refused_file(name: str, error: FileRefused | FileFault) -> Receipt:
    message = str(error) if isinstance(error, FileRefused) else sentence(name, "", error.vi, error.en)
    refusal = Refused(line="", field="file", reason=error.reason, message=message)
    return Receipt(
        dossier="",
        batch=secrets.token_hex(16),
        file=name,
        sha256="",
        feed="",
        accepted=0,
        unchanged=0,
        refused=[refusal],
        refused_total=1,
    )


def without_name(receipt: Receipt) -> Receipt:
    """A receipt of a file refused as a whole, for keeping where its name must not be if it may name a person."""
    public = public_name(receipt.file, receipt.batch, lambda _: False)
    told = [one.model_copy(update={"message": one.message.replace(receipt.file, public)}) for one in receipt.refused]
    return receipt.model_copy(update={"file": public, "refused": told})
