"""Files that commands write: made before anything else is done, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mobility.errors import UsageError


def in_a_folder(out: Path) -> None:
    """UsageError when the folder of ``out`` does not exist."""
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}. Make it first.")


@contextmanager
def new_file(out: Path) -> Iterator[None]:
    """Make ``out``, empty, mode 0600; gone again when what follows fails. UsageError when it is there or can't be."""
    in_a_folder(out)
    try:
        out.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise UsageError(f"{out} exists. Name another file.") from None
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error.strerror}). Name a file in a folder of yours.") from None
    try:
        yield
    except BaseException:
        out.unlink(missing_ok=True)
        raise
