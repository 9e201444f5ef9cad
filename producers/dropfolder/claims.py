"""Claims: a file belongs to the one watcher that could rename it, and to the next one when that watcher is gone."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType

from producers.dropfolder.looking import Seen, shown
from producers.dropfolder.places import WORKING, plain_name, write_whole
from producers.errors import IntakeError

LOCK = "owner.lock"
OPENED = "opened"
"""Names the file that is being looked into before it is claimed."""
CLAIM = "claim.json"


class FolderUnfit(IntakeError):
    """The drop folder can't be written to, or its file system can't lock."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A file in work: ``folder`` has it and its ``claim.json``. ``day``: when it was claimed, under which it is filed.
    ``attempts``: how often its taking in was begun and not ended in an orderly way."""

    folder: Path
    name: str
    came_as: str
    day: str
    attempts: int = 0

    @property
    def id(self) -> str:
        """The same after a crash and under another watcher."""
        return self.folder.name

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.name


class Claims:
    """Context manager: one watcher's place under ``.working``, locked as long as its process lives.

    The lock is the kernel's (flock): however the process ends, it is free at once.
    """

    def __init__(self, drop: Path) -> None:
        self._drop = drop
        self.folder = drop / WORKING / f"watcher-{secrets.token_hex(4)}"
        self._lock: int | None = None
        self.fatal: set[Path] = set()
        """Files, as they stand in the folder, that ended a watcher while it looked into them."""

    def __enter__(self) -> "Claims":
        """``FolderUnfit`` when nothing can be made or locked in the drop folder."""
        while self._lock is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._lock = _locked(self.folder)
            except OSError as error:
                raise FolderUnfit(
                    f"{self._drop}: can't be used as a drop folder ({error.strerror or type(error).__name__}). Give the"
                    " account that runs mobility read and write access to it, on a file system that can lock files."
                ) from error
            if self._lock is not None and not _stands(self._lock, self.folder):
                os.close(self._lock)  # another watcher took the empty folder for one that was left behind
                self._lock = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not any(self._claims_in(self.folder)):
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    @contextlib.contextmanager
    def looking_into(self, seen: Seen) -> Iterator[None]:
        """A file is opened before it is claimed. Should that end the process, who comes next knows which one it was."""
        note = self.folder / OPENED
        note.write_bytes(os.fsencode(seen.relative))
        try:
            yield
        finally:
            note.unlink()

    def take(self, seen: Seen, day: str) -> Claim | None:
        """Claim a file; None when another was faster or it has changed since. Raises OSError (also: another disk)."""
        folder = self.folder / secrets.token_hex(8)
        folder.mkdir()
        claim = Claim(folder, plain_name(seen.relative.name), shown(seen.relative), day)
        _note(claim)  # before the file: a file without its claim would not be found again
        try:
            (self._drop / seen.relative).rename(claim.path)
        except FileNotFoundError:
            shutil.rmtree(folder)
            return None
        except OSError:
            shutil.rmtree(folder)
            raise
        stat = claim.path.stat()
        if (stat.st_size, stat.st_mtime_ns) != (seen.size, seen.changed_ns):
            return self._give_back(claim, seen)
        return claim

    def _give_back(self, claim: Claim, seen: Seen) -> Claim | None:
        """It was still being written: back to where it stood, unless something else stands there now."""
        back = self._drop / seen.relative
        if back.exists():
            return claim  # a newer one came in its place: this one is whole
        claim.path.rename(back)
        shutil.rmtree(claim.folder)
        return None

    def left_behind(self) -> list[Claim]:
        """Own claims, and those of watchers that are gone, which become own; the oldest first."""
        for other in sorted((self._drop / WORKING).glob("watcher-*")):
            if other != self.folder:
                self._take_over(other)
        return sorted(self._claims_in(self.folder), key=lambda claim: claim.path.stat().st_mtime_ns)

    def _take_over(self, other: Path) -> None:
        lock = _locked(other, patient=False)
        if lock is None:
            return
        try:
            with contextlib.suppress(FileNotFoundError):
                self.fatal.add(Path(os.fsdecode((other / OPENED).read_bytes())))
            for claim in list(self._claims_in(other)):
                claim.folder.rename(self.folder / claim.id)
            shutil.rmtree(other, ignore_errors=True)
        finally:
            os.close(lock)

    def _claims_in(self, folder: Path) -> Iterator[Claim]:
        for place in sorted(folder.iterdir()) if folder.is_dir() else ():
            if place.is_dir():
                claim = read_claim(place)
                if claim is not None:
                    yield claim
                else:
                    shutil.rmtree(place, ignore_errors=True)  # killed before the file came, or after it was filed

    def begin(self, claim: Claim) -> Claim:
        """Count an attempt."""
        begun = replace(claim, attempts=claim.attempts + 1)
        _note(begun)
        return begun

    def postpone(self, claim: Claim) -> None:
        """The attempt ended in an orderly way and is made again later: it is not the file's fault."""
        _note(replace(claim, attempts=0))

    def end(self, claim: Claim) -> None:
        """The file was filed away."""
        shutil.rmtree(claim.folder)


def read_claim(folder: Path) -> Claim | None:
    """The claim of a folder under a watcher; None where there is no file in it. A file is never given up because what
    was noted of it can't be read."""
    try:
        files = [file for file in folder.iterdir() if file.name != CLAIM and not file.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return None  # filed just now; or a file of the watcher's own
    if not files:
        return None
    try:
        said = json.loads((folder / CLAIM).read_text("utf-8"))
        return Claim(folder, files[0].name, str(said["came_as"]), str(said["day"]), int(said["attempts"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Claim(folder, files[0].name, files[0].name, "unknown-day")


def is_alive(watcher: Path) -> bool:
    """Whether the watcher of this folder under ``.working`` runs."""
    lock = _locked(watcher, patient=False)
    if lock is None:
        return True
    os.close(lock)
    return False


def _note(claim: Claim) -> None:
    said = {name: value for name, value in asdict(claim).items() if name != "folder"}
    write_whole(claim.folder / CLAIM, json.dumps(said, ensure_ascii=False) + "\n")


def _stands(lock: int, folder: Path) -> bool:
    """Whether the locked file is still the one in the folder."""
    try:
        return os.path.samestat(os.fstat(lock), (folder / LOCK).stat())
    except FileNotFoundError:
        return False


def _locked(folder: Path, *, patient: bool = True) -> int | None:
    """An open file that holds the lock; None when somebody else holds it, or the folder is gone."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        stack.pop_all()
    return handle
