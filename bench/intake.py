"""``python -m bench.intake``: how fast and in how much memory files are read and taken in; some four minutes.

Reading is measured beside the bare library, in turns, each run in a process of its own; memory is the sum over the
process and its children, looked at every 50 ms. Taking in runs on its own PostgreSQL and Kafka, and beside it stands
the bare COPY of the same index rows into a table with the same indexes: the floor of what is written. The machine's
load is printed: under load all of it is slower, and what uses two processors more so than what uses one.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

from bench.intake_files import write_csv, write_xlsx
from deploy.local import kafka_pid, postgres_pid, start, stop
from producers.migrations import migrate
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN

Figures = dict[str, Any]


def _tree_rss(process: psutil.Process) -> int:
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.Error:  # ended between the two looks
            continue
    return total


def run(*arguments: str) -> Figures:
    """One piece of work of ``bench.intake_child``, with its peak memory in MB."""
    child = subprocess.Popen([sys.executable, "-m", "bench.intake_child", *arguments], stdout=subprocess.PIPE)
    watched, peak = psutil.Process(child.pid), 0
    while child.poll() is None:
        try:
            peak = max(peak, _tree_rss(watched))
        except psutil.Error:
            break
        time.sleep(0.05)
    said, _ = child.communicate()
    if child.returncode:
        raise SystemExit(f"bench.intake_child {arguments[0]} ended with {child.returncode}")
    found: Figures = json.loads(said)
    return found | {"rows_per_s": round(found["rows"] / found["seconds"]), "peak_mb": peak >> 20}


def reading(path: Path, runs: int) -> Figures:
    """Ours beside the bare library, in turns; the median of the ratios of rows per second."""
    pairs = [(run("bare", str(path)), run("read", str(path))) for _ in range(runs)]
    ratios = sorted(ours["rows_per_s"] / bare["rows_per_s"] for bare, ours in pairs)
    bare, ours = pairs[-1]
    return {
        "file": path.name,
        "mb": path.stat().st_size >> 20,
        "rows": ours["rows"],
        "bare_rows_per_s": [pair[0]["rows_per_s"] for pair in pairs],
        "ours_rows_per_s": [pair[1]["rows_per_s"] for pair in pairs],
        "bare_cpu_s": bare["cpu"],
        "ours_cpu_s": ours["cpu"],
        "ratio": round(ratios[len(ratios) // 2], 2),
        "bare_peak_mb": bare["peak_mb"],
        "ours_peak_mb": max(pair[1]["peak_mb"] for pair in pairs),
    }


def taking_in(path: Path, home: Path) -> Figures:
    """One file through the whole intake on fresh services in ``home``, and the bare COPY of its index rows."""
    at = start(home, say=lambda *_: None)
    try:
        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(at.postgres, autocommit=True) as line:
            line.execute(f"create database {name}".encode())
        dsn = urlunsplit(urlsplit(at.postgres)._replace(path=f"/{name}"))
        with psycopg.connect(dsn, autocommit=True) as line:
            migrate(line)
        _make_topics(at.kafka)
        before = _server_cpu(home)
        taken = run("take", str(path), dsn, at.kafka, str(home / "keys"))
        after = _server_cpu(home)
        copied = _bare_copy(dsn)
    finally:
        stop(home)
    used = {f"{server}_cpu_s": round(after[server] - before[server], 1) for server in before}
    size = {"file": path.name, "mb": path.stat().st_size >> 20}
    ratio = {"bare_copy_rows_per_s": copied, "of_bare_copy": round(taken["rows_per_s"] / copied, 2)}
    return size | taken | used | ratio


def _make_topics(kafka: str) -> None:
    from kafka import KafkaAdminClient
    from kafka.admin import NewTopic

    admin = KafkaAdminClient(bootstrap_servers=kafka)
    topics = (MOVEMENTS_IN, REGISTRY_IN, RECEIPTS)
    admin.create_topics([NewTopic(topic, num_partitions=4, replication_factor=1) for topic in topics])
    while not set(topics) <= set(admin.list_topics()):
        time.sleep(0.1)
    admin.close()


def _server_cpu(home: Path) -> dict[str, float]:
    """Processor seconds of both servers so far, those of PostgreSQL's ended backends included."""
    found = {}
    for name, pid in (("kafka", kafka_pid(home)), ("postgres", postgres_pid(home))):
        process = psutil.Process(pid)
        spent = process.cpu_times()
        total = spent.user + spent.system + spent.children_user + spent.children_system
        for child in process.children():
            own = child.cpu_times()
            total += own.user + own.system
        found[name] = total
    return found


def _bare_copy(dsn: str) -> int:
    """Rows a second of COPY of all facts from memory into an empty table with the index's own indexes."""
    with psycopg.connect(dsn, autocommit=True) as line:
        with line.cursor().copy("copy intake.facts to stdout") as copy:
            content = b"".join(bytes(piece) for piece in copy)
        line.execute("create table intake.bench_facts (like intake.facts including all)")
        began = time.perf_counter()
        with line.cursor().copy("copy intake.bench_facts from stdin") as copy:
            copy.write(content)
        return round(content.count(b"\n") / (time.perf_counter() - began))


def told(figures: Figures) -> str:
    """The figures as lines for a person."""
    lines = [f"load of the machine {figures['load']:.1f} before, {figures['load_after']:.1f} after"]
    lines += [
        f"reading {one['file']}, {one['rows']:,} rows, {one['mb']} MB: {one['ours_rows_per_s'][-1]:,} rows/s,"
        f" {one['ratio']} of the bare library, peak {one['ours_peak_mb']} MB (it: {one['bare_peak_mb']} MB)"
        for one in figures["reading"]
    ]
    lines += [
        f"taking in {one['file']}, {one['rows']:,} rows, {one['mb']} MB: {one['seconds']:.1f} s,"
        f" {one['rows_per_s']:,} rows/s, {one['of_bare_copy']} of a bare COPY of its index rows, peak"
        f" {one['own_peak_mb']} MB, with its helpers {one['peak_mb']} MB; processor seconds {one['cpu']:.1f} here,"
        f" {one['postgres_cpu_s']} PostgreSQL, {one['kafka_cpu_s']} Kafka"
        for one in figures["intake"]
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the figures; files are made in a folder of their own and removed."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=250_000, help="rows of the files that are read; 0: none")
    parser.add_argument("--take", type=int, default=200_000, help="rows of the files that are taken in; 0: none")
    parser.add_argument("--take-as", default="csv", metavar="KINDS", help="csv, xlsx, or csv,xlsx (default: csv)")
    parser.add_argument("--runs", type=int, default=3, help="turns of reading")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    asked = parser.parse_args()
    writers = {"csv": write_csv, "xlsx": write_xlsx}
    kinds = asked.take_as.split(",")
    if not set(kinds) <= set(writers):
        parser.error(f"--take-as {asked.take_as}: csv, xlsx, or both with a comma")
    folder = Path(tempfile.mkdtemp(prefix="mobility-bench-"))
    figures: Figures = {"load": os.getloadavg()[0], "reading": [], "intake": []}
    try:
        for kind in ("xlsx", "csv") if asked.rows else ():
            path = writers[kind](folder / f"rows.{kind}", asked.rows)
            figures["reading"].append(reading(path, asked.runs))
            path.unlink()
        for kind in kinds if asked.take else ():
            path = writers[kind](folder / f"take.{kind}", asked.take)
            figures["intake"].append(taking_in(path, folder / f"home-{kind}"))
            path.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures["load_after"] = os.getloadavg()[0]
    print(json.dumps(figures) if asked.json else told(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
