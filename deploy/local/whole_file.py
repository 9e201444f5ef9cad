"""Small files that a power cut leaves as they were or as they are to be, never empty or half."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file: written aside (mode 0600 from its first moment on), synced, renamed.
    Its folder is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_whole(path: Path) -> str:
    """Its text without the spaces around; empty when there is none, or none that can be read."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
