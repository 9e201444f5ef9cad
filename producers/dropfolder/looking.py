"""Which files of a drop folder are ready: they stand still, and may be taken away."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from producers.dropfolder.places import is_of_folder, is_unfinished

KIND = re.compile(r"(?:a link is not taken in|can't be (?:read|taken|filed) \([^()]*\))(?!.*(?:a link is|can't be ))")
"""What the sentence of a problem says in English, after the name."""
MOST = 1_000
"""Files of one look; the others come with the next."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was at a look: where it stands in the folder, its size and its time of change."""

    relative: Path
    size: int
    changed_ns: int


@dataclass(slots=True)
class Look:
    """What stands in the folder: files that wait; what can't be taken, as sentences (Vietnamese / English); and what is
    passed over without being a problem, likewise."""

    waiting: list[Seen] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def look(folder: Path) -> Look:
    """One look. Links are not followed; folders that can't be read are told. Names may be in any spelling."""
    found = Look()

    def told(error: OSError) -> None:
        found.problems.append(_told(folder, Path(error.filename or folder), error))

    for place, inner, files in os.walk(folder, onerror=told):
        at = Path(place).relative_to(folder)
        inner[:] = sorted(name for name in inner if not name.startswith(".") and not is_of_folder(at / name))
        found.problems += [_link(at / name) for name in inner if (Path(place) / name).is_symlink()]
        for seen in _files(folder, at, sorted(files), found):
            found.waiting.append(seen)
            if len(found.waiting) >= MOST:
                return found
    return found


def _files(folder: Path, at: Path, names: list[str], found: Look) -> Iterator[Seen]:
    for name in names:
        if is_unfinished(name):
            if not name.startswith((".", "~$")):  # those are nobody's dossiers
                found.passed_over.append(_unfinished(at / name))
            continue
        path = folder / at / name
        try:
            if path.is_symlink():
                found.problems.append(_link(at / name))
            elif path.is_file():
                stat = path.stat()
                yield Seen(at / name, stat.st_size, stat.st_mtime_ns)
            elif path.exists():
                found.passed_over.append(_no_file(at / name))
        except FileNotFoundError:
            continue  # taken by another watcher, or by whoever put it there
        except OSError as error:
            found.problems.append(_told(folder, path, error))


def shown(relative: Path) -> str:
    """A path for messages, whatever bytes its name has."""
    return os.fsencode(relative).decode("utf-8", "replace")


def _link(relative: Path) -> str:
    name = shown(relative)
    return (
        f"{name}: là liên kết, không được nhận. Hãy chép chính tệp vào thư mục."
        f" / {name}: a link is not taken in. Put the file itself into the folder."
    )


def _unfinished(relative: Path) -> str:
    name = shown(relative)
    return (
        f"{name}: tên của tệp chưa chép xong, được bỏ qua. Nếu đã xong, hãy đổi tên."
        f" / {name}: the name of an unfinished file, passed over. If it is whole, rename it."
    )


def _no_file(relative: Path) -> str:
    name = shown(relative)
    return (
        f"{name}: không phải tệp thường (pipe, socket, thiết bị), được bỏ qua. Hãy xóa nó."
        f" / {name}: no ordinary file (a pipe, socket or device), passed over. Remove it."
    )


def _told(folder: Path, path: Path, error: OSError) -> str:
    name = shown(path.relative_to(folder)) if path.is_relative_to(folder) else shown(path)
    what = error.strerror or type(error).__name__
    return (
        f"{name}: không đọc được ({what}). Hãy cấp quyền đọc và ghi thư mục cho tài khoản chạy mobility."
        f" / {name}: can't be read ({what}). Give the account that runs mobility read and write access to the folder."
    )


def problem_of(relative: Path, error: OSError) -> str:
    """A file that can't be moved, as a sentence."""
    name, what = shown(relative), error.strerror or type(error).__name__
    return (
        f"{name}: không lấy được ({what}). Hãy cấp quyền ghi vào thư mục chứa tệp, hoặc chép vào chính thư mục nhận."
        f" / {name}: can't be taken ({what}). Allow writing to its folder, or copy it into the drop folder itself."
    )


def unfiled(came_as: str, error: OSError) -> str:
    """A claimed file that can't be filed away, as a sentence."""
    what = error.strerror or type(error).__name__
    return (
        f"{came_as}: chưa cất được ({what}). Hãy kiểm tra dung lượng đĩa và quyền ghi của thư mục nhận; sẽ tự thử lại."
        f" / {came_as}: can't be filed ({what}). Check the disk's space and the rights of the drop folder; it is tried"
        " again by itself."
    )
