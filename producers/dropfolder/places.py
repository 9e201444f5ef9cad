"""Where things stand in a drop folder, and the names that files get there."""

import contextlib
import hashlib
import os
import unicodedata
from pathlib import Path

WORKING, DONE, REFUSED = ".working", "done", "refused"
OWN = frozenset({WORKING, DONE, REFUSED})
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".opdownload")
"""Endings under which browsers and copying programs write before the file has its name."""
RECEIPT_JSON, RECEIPT_HTML = ".receipt.json", ".receipt.html"
LONGEST = 200
"""Bytes of a file's name here, so that ``.receipt.html`` still fits into the 255 of most file systems."""


def is_unfinished(name: str) -> bool:
    """Hidden, an office program's lock file, or still being written under a name of its own."""
    return name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED) or name.endswith("~")


def is_of_folder(relative: Path) -> bool:
    """Whether it is the drop folder's own: claimed, done or refused."""
    return relative.parts[0] in OWN


def plain_name(name: str) -> str:
    """Composed Unicode, no bytes that are no text, not too long; the ending stays."""
    text = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace").replace("\ufffd", "_"))
    stem, dot, ending = text.rpartition(".")
    if not dot:
        stem, ending = text, ""
    ending = (dot + ending)[:20]
    while len((stem + ending).encode()) > LONGEST:
        stem = stem[:-1]
    return (stem + ending) or "_"


def reserve(folder: Path, name: str, claim: str) -> Path:
    """The path under which a claimed file is filed: ``name``, or ``name (2)`` … where another stands already.

    The name is reserved by creating its receipt exclusively, with the claim in it: two watchers never choose the same,
    and the same claim, after a crash, finds its own again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem, dot, ending = name.rpartition(".") if "." in name[1:] else (name, "", "")
    for number in range(1, 100_000):
        path = folder / (name if number == 1 else f"{stem} ({number}){dot}{ending}")
        receipt = path.with_name(path.name + RECEIPT_JSON)
        try:
            with open(receipt, "x", encoding="utf-8", opener=_private) as file:
                file.write(f'{{"claim": "{claim}"}}\n')
        except FileExistsError:
            if claim not in receipt.read_text("utf-8", "replace")[:200]:
                continue
            return path
        if not path.exists():
            return path
        with contextlib.suppress(FileNotFoundError):
            receipt.unlink()
    raise FileExistsError(f"{folder / name}: there are 100,000 files of this name; move some away")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def remove_emptied(drop: Path, came_as: str) -> None:
    """The subfolders that a filed file came in, as far up as they are empty; never the drop folder or one of its own.

    ``rmdir`` leaves a folder in which something stands by now.
    """
    for relative in Path(came_as).parents:
        if relative == Path() or relative.is_absolute() or ".." in relative.parts or is_of_folder(relative):
            return
        try:
            (drop / relative).rmdir()
        except OSError:
            return  # not empty, gone already, or not ours to remove


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all, on disk when this returns; for its owner alone, as receipts tell what a file is called."""
    aside = path.with_name(f".{hashlib.blake2b(path.name.encode(), digest_size=8).hexdigest()}.new")
    aside.unlink(missing_ok=True)
    with open(aside, "x", encoding="utf-8", opener=_private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
