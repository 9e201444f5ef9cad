"""How a drop folder stands, read from the folder alone: it can be asked while nothing runs."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from producers.dropfolder.claims import is_alive, read_claim
from producers.dropfolder.looking import look, shown
from producers.dropfolder.places import DONE, RECEIPT_HTML, RECEIPT_JSON, REFUSED, WORKING
from producers.dropfolder.watching import STATUS


@dataclass(slots=True)
class Status:
    """``waiting``, ``working``: paths as they came. ``done``, ``refused``: files by day, ``YYYY-MM-DD`` -> how many.

    ``watchers``: how many run. ``problems``: sentences; ``passed_over``: likewise, of what is no problem.
    ``looked_at``: the latest look of a running watcher, or empty.
    """

    waiting: list[str] = field(default_factory=list)
    working: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    watchers: int = 0
    problems: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    looked_at: str = ""


def drop_status(drop: Path) -> Status:
    """Of an existing folder. Raises OSError when it can't be read at all."""
    list(drop.iterdir())
    found = look(drop)
    status = Status(
        waiting=[shown(seen.relative) for seen in found.waiting],
        problems=list(found.problems),
        passed_over=list(found.passed_over),
    )
    for watcher in sorted((drop / WORKING).glob("watcher-*")):
        status.working += [claim.came_as for place in watcher.iterdir() if (claim := read_claim(place))]
        if is_alive(watcher):
            status.watchers += 1
            _heard(watcher, status)
    for name, counts in ((DONE, status.done), (REFUSED, status.refused)):
        for day in sorted((drop / name).glob("????-??-??")):
            counts[day.name] = sum(1 for file in day.iterdir() if _is_file_of(file))
    return status


def _is_file_of(file: Path) -> bool:
    """A filed file, not its receipt, nor a receipt that is being written."""
    return not file.name.startswith(".") and not file.name.endswith((RECEIPT_JSON, RECEIPT_HTML))


def _heard(watcher: Path, status: Status) -> None:
    try:
        said = json.loads((watcher / STATUS).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return  # it has not looked yet
    status.looked_at = max(status.looked_at, said["looked_at"])
    status.problems += [problem for problem in said["problems"] if problem not in status.problems]
