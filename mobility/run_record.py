"""``run.json`` of a home: what its supervisor runs, and where. It only tells; that it runs is known by the lock."""

import json
from pathlib import Path
from typing import Any

from deploy.local.whole_file import read_whole, write_whole
from mobility.errors import UsageError
from mobility.home_lock import run_id
from mobility.settings import Settings

_KEPT = {"run": str, "children": dict, "kafka": str, "postgres": str, "page": str, "intake": str}


def run_file(settings: Settings) -> Path:
    """Which processes ``mobility up`` keeps running; there as long as it does."""
    return settings.folder / "run.json"


def write_record(settings: Settings, record: dict[str, Any]) -> None:
    """Readable by its owner alone: a DSN may hold a password."""
    write_whole(run_file(settings), json.dumps(record))


def read_record(settings: Settings) -> dict[str, Any] | None:
    """That of the present run; None when there is none yet, or a damaged one."""
    try:
        record = json.loads(read_whole(run_file(settings)))
    except ValueError:
        return None
    if not isinstance(record, dict) or any(not isinstance(record.get(name), kind) for name, kind in _KEPT.items()):
        return None
    return record if record["run"] == run_id(settings.folder) else None


def refuse_another(settings: Settings, record: dict[str, Any]) -> None:
    """UsageError when the settings name another Kafka or PostgreSQL, or other ports, than this home runs on."""
    for name in ("kafka", "postgres"):
        named = str(getattr(settings, name))
        if named and named != record[name]:
            raise UsageError(
                f"This home runs on another {name.capitalize()} than MOBILITY_{name.upper()} names: mobility down "
                "first, then mobility up. Data of one do not go into the other."
            )
    for name, port in (("page", settings.page_port), ("intake", settings.intake_port)):
        if port and f":{port}/" not in record[name]:
            raise UsageError(
                f"This home runs, and its {name} listens at {record[name]}, not on the port that "
                f"MOBILITY_{name.upper()}_PORT names: mobility down first, then mobility up."
            )


def write_drop_folder(settings: Settings, folder: Path) -> None:
    """Remember the folder that is watched, for commands that are called without it."""
    write_whole(settings.folder / "drop.folder", str(folder))


def drop_folder(settings: Settings) -> Path | None:
    """The folder that the last ``up`` of this home with one watched; None too when the note is damaged."""
    kept = read_whole(settings.folder / "drop.folder")
    return Path(kept) if kept.startswith("/") else None


def watched_folder(settings: Settings, record: dict[str, Any]) -> Path | None:
    """The drop folder that the running supervisor of this home watches."""
    return drop_folder(settings) if "drop" in record["children"] else None
