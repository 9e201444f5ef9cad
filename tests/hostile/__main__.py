"""``python -m tests.hostile --count 1000 --seed 1``: hostile files through the whole intake, on real services.

``--case NAME`` draws only that kind. A file that breaks a rule is kept under ``--keep`` and named with the
seed that makes it again. Exit code 1 when there was one.
"""

import argparse
import faulthandler
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from deploy.local import Endpoints, running, start, stop
from tests.hostile.cases import CASES, WEIGHTS
from tests.hostile.judge import SECONDS, judge, time_limit
from tests.integration.intake_kit import Kit


def main() -> int:
    """The run; services are those of MOBILITY_KAFKA and MOBILITY_POSTGRES, else embedded ones of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", choices=sorted(CASES))
    parser.add_argument("--keep", type=Path, default=Path("hostile-failures"))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that services and files are cleared away
    kafka, postgres = os.environ.get("MOBILITY_KAFKA"), os.environ.get("MOBILITY_POSTGRES")
    with tempfile.TemporaryDirectory(prefix="mobility-hostile-") as folder:
        home = Path(tempfile.mkdtemp(prefix="mobility-services-"))
        at = Endpoints(kafka, postgres) if kafka and postgres else start(home, say=lambda *_: None)
        try:
            return _run(at, asked.count, asked.seed, asked.case, asked.keep, Path(folder))
        finally:
            if running(home):
                stop(home)
            shutil.rmtree(home, ignore_errors=True)


def _run(at: Endpoints, count: int, seed: int, only: str | None, keep: Path, folder: Path) -> int:
    name = f"hostile_{secrets.token_hex(4)}"
    with psycopg.connect(at.postgres, autocommit=True) as line:
        line.execute(f"create database {name}".encode())
    dsn = urlunsplit(urlsplit(at.postgres)._replace(path=f"/{name}"))
    cases = [only] if only else list(CASES)
    failed, drawn, accepted, refused, slowest = 0, Counter[str](), 0, Counter[str](), (0.0, "")
    with Kit(dsn, at.kafka, folder) as kit:
        for number in range(count):
            rng = random.Random(f"hostile {seed} {number}")
            case = rng.choices(cases, [WEIGHTS.get(one, 1) for one in cases])[0]
            place = folder / f"case-{number}"
            place.mkdir()
            began = time.monotonic()
            faulthandler.dump_traceback_later(3 * SECONDS, exit=True)  # a hang inside of a library
            try:
                path = CASES[case](rng, place)
                with time_limit():
                    receipts = judge(kit, path)
            except Exception:
                failed += 1
                keep.mkdir(parents=True, exist_ok=True)
                kept = keep / f"{case}-{seed}-{number}"
                shutil.copytree(place, kept, symlinks=True, dirs_exist_ok=True, ignore=_special)
                print(f"--- {case}, seed {seed}, number {number}, kept in {kept}\n{traceback.format_exc()}", flush=True)
            else:
                accepted += sum(receipt.accepted for receipt in receipts)
                refused.update(one.reason for receipt in receipts for one in receipt.refused)
            finally:
                faulthandler.cancel_dump_traceback_later()
            drawn[case] += 1
            if number % 100 == 99:
                print(f"{number + 1} files, {failed} broke a rule", file=sys.stderr, flush=True)
            slowest = max(slowest, (time.monotonic() - began, f"{case} {number}"))
            shutil.rmtree(place, ignore_errors=True)
    with psycopg.connect(at.postgres, autocommit=True) as line:
        line.execute(f"drop database if exists {name} with (force)".encode())
    print(f"{count} files ({dict(drawn)}), seed {seed}: {failed} broke a rule")
    print(
        f"{accepted} rows accepted; refused: {dict(refused.most_common())}; slowest {slowest[0]:.1f} s ({slowest[1]})"
    )
    return 1 if failed else 0


def _special(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not (Path(folder) / name).is_file()]


if __name__ == "__main__":
    sys.exit(main())
