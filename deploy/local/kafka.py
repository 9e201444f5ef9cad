"""Apache Kafka in KRaft mode, one node, detached from the program that starts it."""

import shutil
import signal
import socket
import struct
import time
from pathlib import Path

from deploy.local import jvm, ports, process
from deploy.local.errors import StartError
from deploy.local.jars import kafka_classpath
from deploy.local.kafka_storage import ensure_formatted
from deploy.local.lock import only_one
from deploy.local.say import Say

_MAIN = "kafka.Kafka"
_RECOVERY_S = 600.0
"""After a power cut the broker reads its last segments again; gigabytes take minutes, and it must not be cut."""


def kafka_pid(home: Path) -> int | None:
    """The broker's process, or None. A pid file that is gone, stale or names another program is seen through."""
    folder = _folder(home)
    pid = process.stored_pid(folder / "pid")
    if pid is not None and process.works_in(pid, folder, _MAIN):
        return pid
    return next(iter(process.all_in(folder, _MAIN)), None) if folder.is_dir() else None


def kafka_address(home: Path) -> str | None:
    """``127.0.0.1:port`` of a broker that runs and answers, or None."""
    port = ports.remembered(_folder(home) / "ports.json", "broker")
    return f"{ports.HOST}:{port}" if port and kafka_pid(home) and _answers(port) else None


def start_kafka(home: Path, *, say: Say, patience: float = process.PATIENCE_S) -> str:
    """Starts the broker, or finds it running; returns ``127.0.0.1:port`` once it answers.

    A broker that lives and does not answer is ended after ``patience`` seconds, and another one started.
    Mends what a killed broker leaves. Raises ``FetchError``, ``ChecksumError``, ``StartError``, ``BusyError``.
    """
    folder = _folder(home)
    with only_one(folder / "lock"):
        if address := kafka_address(home):
            return address
        if address := process.answers_in_time(
            lambda: kafka_address(home), lambda: kafka_pid(home) is not None, patience
        ):
            return address
        process.wait_for_dying(folder / "pid")
        for pid in process.all_in(folder, _MAIN):
            say("Kafka: ending a broker that does not answer")
            process.end(pid, folder, _MAIN, first=signal.SIGTERM, seconds=30.0)
        classpath = kafka_classpath(say=say)
        (folder.parent / "logs").mkdir(exist_ok=True)
        settings = _settings(folder)
        ensure_formatted(folder, settings, classpath, say=say)
        return _start(folder, classpath, say)


def stop_kafka(home: Path) -> None:
    """Stops the broker if it runs; returns when its process is gone."""
    folder = _folder(home)
    if not folder.is_dir():
        return
    with only_one(folder / "lock"):
        for pid in process.all_in(folder, _MAIN):
            process.end(pid, folder, _MAIN, first=signal.SIGTERM, seconds=60.0)
        (folder / "pid").unlink(missing_ok=True)


def _folder(home: Path) -> Path:
    return home.resolve() / "kafka"


def _settings(folder: Path) -> str:
    """``server.properties`` less the data folder; ports that another program has taken are chosen anew."""
    here = Path(__file__).parent
    shutil.copyfile(here / "log4j2.properties", folder / "log4j2.properties")
    at = ports.assign(folder / "ports.json", ["broker", "controller"])
    broker, controller = (f"{ports.HOST}:{at[name]}" for name in ("broker", "controller"))
    return (
        (here / "server.properties").read_text(encoding="ascii")
        + f"\nlisteners=PLAINTEXT://{broker},CONTROLLER://{controller}\n"
        + f"advertised.listeners=PLAINTEXT://{broker}\ncontroller.quorum.voters=1@{controller}\n"
    )


def _start(folder: Path, classpath: list[Path], say: Say) -> str:
    """Starts with the cache that halves the time of a start, after making it if this machine has none."""
    cache = jvm.start_up_cache(classpath)
    if not cache.exists():
        say("Kafka: preparing quick starts (once per machine, some 10 s)")
        recorded = folder / "recorded.aotconf"
        pid, _ = _run(folder, classpath, ["-XX:AOTMode=record", f"-XX:AOTConfiguration={recorded}"], say)
        process.end(pid, folder, _MAIN, first=signal.SIGTERM, seconds=60.0)
        if not jvm.write_start_up_cache(recorded, cache, classpath, folder):
            say("Kafka: no quick start on this machine; the reason is in logs/kafka.out")
            return _run(folder, classpath, [], say)[1]
    try:
        return _run(folder, classpath, [f"-XX:AOTCache={cache}"], say)[1]
    except StartError:
        say("Kafka: starting again without the start-up cache")
        address = _run(folder, classpath, [], say)[1]
        cache.unlink(missing_ok=True)  # it was at fault: the next start makes it anew
        return address


def _run(folder: Path, classpath: list[Path], options: list[str], say: Say) -> tuple[int, str]:
    """Launches a broker and waits until it answers: its pid and address. Raises ``StartError``."""
    (folder / "server.properties").write_text(f"{_settings(folder)}log.dirs=data\n", encoding="ascii")
    scratch = folder / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    out, log = folder.parent / "logs" / "kafka.out", folder.parent / "logs" / "kafka.log"
    argv = [str(jvm.java()), *jvm.OPTIONS, *options, f"-Djava.io.tmpdir={scratch}", _MAIN, "server.properties"]
    say("Kafka: starting")
    pid = process.launch(argv, folder=folder, out=out, env=jvm.environment(classpath))
    (folder / "pid").write_text(f"{pid}\n", encoding="ascii")
    port = ports.remembered(folder / "ports.json", "broker") or 0
    begun = told = time.monotonic()
    while not _answers(port):
        now = time.monotonic()
        if now - begun > 1.0 and not process.works_in(pid, folder, _MAIN):
            raise StartError(
                f"Kafka ended while it started; {log} ends with: {process.tail(log, out)}. Correct that and start again"
            )
        if now - begun > _RECOVERY_S:
            process.end(pid, folder, _MAIN, first=signal.SIGTERM, seconds=30.0)
            raise StartError(f"Kafka did not answer within {_RECOVERY_S:.0f} s; see {log}")
        if now - told > 5.0:
            told = now
            say(f"Kafka: still starting ({now - begun:.0f} s)")
        time.sleep(0.05)
    return pid, f"{ports.HOST}:{port}"


def _answers(port: int) -> bool:
    """Whether a broker serves requests on the port: it is asked for the versions of its API (key 18)."""
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection((ports.HOST, port), timeout=2.0) as line:
            line.sendall(struct.pack(">i", len(request)) + request)
            head = b""
            while len(head) < 10 and (more := line.recv(10 - len(head))):
                head += more
    except OSError:
        return False
    return len(head) == 10 and struct.unpack(">iih", head)[1:] == (1, 0)
