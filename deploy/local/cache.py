"""The folder for what is fetched or made once per machine and can be had again: jars, start-up caches."""

import os
from pathlib import Path

from deploy.local.errors import FetchError


def cache_folder() -> Path:
    """``MOBILITY_CACHE``, else ``union-mobility`` in the user's cache folder; made if missing.

    Raises ``FetchError`` when it cannot be written.
    """
    stated = os.environ.get("MOBILITY_CACHE")
    if stated:
        folder = Path(stated).expanduser()
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "union-mobility"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(
            f"{folder}: the cache folder cannot be made ({error.strerror}); "
            "set MOBILITY_CACHE to a folder that can be written"
        ) from error
    return folder.resolve()
