"""The file of the vault's key. Losing it is losing the vault, so it is never made over an existing one."""

import os
import secrets
import stat
from pathlib import Path

from producers.errors import KeyUnfit

FILE = "vault.key"
HEADER = "# Key of the vault. Losing it is losing every name and number in it. Back it up apart from the database.\n"
CHANGING = "# The key is being changed: first the new one, then the one before. Finish it with: mobility vault rotate\n"


def read(path: Path) -> str:
    """The text. ``KeyUnfit`` when others may read it too."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyUnfit(f"{path}: others may read the vault key (mode {mode:04o}). Run: chmod 600 {path}")
    return path.read_text("ascii", errors="replace")


def create(path: Path) -> None:
    """Whole or not at all, and never over an existing one: written aside, then linked to its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _written_aside(path, HEADER + secrets.token_hex(96) + "\n")
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def write(path: Path, current: str, former: str = "") -> None:
    """Put these keys (192 hexadecimal digits each) in place of what the file has, at once, whatever crashes."""
    lines = [HEADER, CHANGING if former else "", current, "\n", former, "\n" if former else ""]
    aside = _written_aside(path, "".join(lines))
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written_aside(path: Path, text: str) -> Path:
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside
