"""Kafka Streams without an installed Java: its jars by their sums, the peer compiled by Eclipse's compiler."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local import Say, java, verified_jars

SOURCE = Path(__file__).with_name("KafkaStreamsPeer.java")
JARS = Path(__file__).with_name("jars.sha256")
OPTIONS = ("-Xms512m", "-Xmx2g", "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED", "-Xlog:disable")
"""Java's throughput collector; the others were not compared."""


def compiled_peer(folder: Path, *, say: Say) -> Path:
    """The folder of the peer's classes, compiled into ``folder`` unless this very source already was.

    Raises ``FetchError`` or ``ChecksumError`` for a jar, ``RuntimeError`` with the compiler's words.
    """
    text = SOURCE.read_bytes()
    classes = folder / f"kafka-streams-{hashlib.sha256(text + JARS.read_bytes()).hexdigest()[:12]}"
    if classes.is_dir():
        return classes
    jars = verified_jars(JARS, say=say)
    say("Kafka Streams: compiling the peer")
    compiler = [str(java()), "-jar", str(next(jar for jar in jars if jar.name.startswith("ecj-")))]
    new = classes.with_suffix(f".{os.getpid()}.new")
    done = subprocess.run(
        [*compiler, "-source", "21", "-target", "21", "-nowarn", "-cp", _path(jars), "-d", new, SOURCE],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{SOURCE} could not be compiled: {done.stderr}{done.stdout}")
    new.rename(classes)
    return classes


def command(
    broker: str, run: str, source: str, *, store: str, cache_mb: int, threads: int, commit_ms: int, state: Path
) -> list[str]:
    """The program and its arguments; ``store`` is ``rocksdb`` or ``memory``, ``state`` a folder of its own."""
    settings = [store, str(cache_mb << 20), str(threads), str(commit_ms), str(state)]
    return [str(java()), *OPTIONS, "KafkaStreamsPeer", broker, run, source, *settings]


def environment(classes: Path, *, say: Say) -> Mapping[str, str]:
    """The class path, on top of the present environment."""
    return {**os.environ, "CLASSPATH": _path([classes, *verified_jars(JARS, say=say)])}


def _path(places: list[Path]) -> str:
    return os.pathsep.join(map(str, places))
