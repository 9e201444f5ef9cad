"""One measured piece of the intake in a process of its own: ``python -m bench.intake_child bare|read|take PATH …``.

Prints JSON: rows, seconds, processor seconds (with those of ended children), the process's own peak memory in MB. The
cycle collector runs as seldom as it does in the intake, for the bare libraries too.
"""

import csv
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from os import times
from pathlib import Path

import python_calamine

from producers.readers import open_readings
from producers.session import COLLECT_EVERY


def bare(path: Path) -> int:
    """Rows as the bare library gives them, and nothing done with them: calamine for workbooks, csv for text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1
    with python_calamine.CalamineWorkbook.from_path(path) as workbook:
        return sum(1 for _ in workbook.get_sheet_by_index(0).iter_rows()) - 1


def read(path: Path) -> int:
    """Rows as the intake's readers give them: container checked, header found, cells as clean text by name."""
    with open_readings(path) as readings:
        return sum(1 for reading in readings for _ in reading.rows)


def take(path: Path, dsn: str, kafka: str, home: str) -> int:
    """Rows taken in: validated, identified, entered into vault and index, published."""
    from producers.ingest import ingest
    from producers.intake import open_intake

    with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
        return sum(receipt.accepted for receipt in ingest(intake, [path], now=datetime.now(UTC)))


def peak_mb() -> int:
    """The most memory that this process has had; what its parent had before the start is not in it."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) >> 10 for line in status.splitlines() if line.startswith("VmHWM:"))


WORK: dict[str, Callable[..., int]] = {"bare": bare, "read": read, "take": take}


def main() -> None:
    """Run one and print what it took."""
    name, path, *more = sys.argv[1:]
    gc.set_threshold(COLLECT_EVERY)
    began = time.perf_counter()
    rows = WORK[name](Path(path), *more)
    seconds = time.perf_counter() - began
    own_mb = peak_mb()
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": sum(times()[:4]), "own_peak_mb": own_mb}))


if __name__ == "__main__":
    main()
