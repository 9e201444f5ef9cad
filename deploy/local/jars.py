"""Jars by a list of SHA-256 sums: fetched once, checked always, loaded only when they are the listed ones."""

import json
import tempfile
from pathlib import Path

from deploy.local import lock_file
from deploy.local.cache import cache_folder
from deploy.local.errors import ChecksumError
from deploy.local.fetch import fetch
from deploy.local.lock import only_one
from deploy.local.lock_file import Jar, JarList
from deploy.local.say import Say


def kafka_classpath(*, say: Say) -> list[Path]:
    """The verified jars of the Kafka broker, in class path order.

    Raises ``FetchError`` when one is missing and cannot be fetched, ``ChecksumError`` when one is not the
    listed one.
    """
    return verified_jars(lock_file.JARS, say=say)


def verified_jars(listed: Path, *, say: Say) -> list[Path]:
    """The jars of any list that ``lock_jars`` wrote, fetched if need be, each equal to its SHA-256.

    A jar is hashed once; after that its size and its time of change stand for it, so that a warm start needs
    neither the network nor a second of hashing.
    """
    jar_list = lock_file.read(listed)
    folder = cache_folder() / "jars"
    if _all_known(jar_list, folder):
        return [folder / jar.path for jar in jar_list.jars]
    with only_one(folder / ".lock"):
        memory = _memory(folder)
        for jar in _fetch_missing(jar_list, folder, listed, say):
            memory[jar.path] = _mark(jar, folder / jar.path)
        for done, jar in enumerate(jar_list.jars):
            file = folder / jar.path
            if memory.get(jar.path) != _mark(jar, file):
                say(f"{jar_list.title}: checking jars", done, len(jar_list.jars))
                _check(jar, file, listed)
                memory[jar.path] = _mark(jar, file)
        new = folder / ".verified.new"
        new.write_text(json.dumps(memory), encoding="utf-8")
        new.replace(folder / ".verified.json")
    return [folder / jar.path for jar in jar_list.jars]


def _all_known(jar_list: JarList, folder: Path) -> bool:
    memory = _memory(folder)
    return all(
        (folder / jar.path).is_file() and memory.get(jar.path) == _mark(jar, folder / jar.path) for jar in jar_list.jars
    )


def _memory(folder: Path) -> dict[str, list[int | str]]:
    try:
        stored = json.loads((folder / ".verified.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _mark(jar: Jar, file: Path) -> list[int | str]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns, jar.sha256]


def _check(jar: Jar, file: Path, listed: Path) -> None:
    found = lock_file.sha256(file)
    if found != jar.sha256:
        raise ChecksumError(
            f"{jar.name} is not the jar that {listed.name} lists: its SHA-256 is {found}, not {jar.sha256}. "
            f"It was not loaded. Delete {file} and start again: it is then fetched anew"
        )


def _fetch_missing(jar_list: JarList, folder: Path, listed: Path, say: Say) -> list[Jar]:
    """Fetches into a folder beside and moves only what was checked, so an aborted fetch leaves no half jar."""
    missing = [jar for jar in jar_list.jars if not (folder / jar.path).is_file()]
    if not missing:
        return []
    there = sum((folder / jar.path).stat().st_size for jar in jar_list.jars if jar not in missing)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as beside:
        fetch(jar_list.title, missing, Path(beside), max(jar_list.size - there, 0), say)
        for jar in missing:
            fetched = Path(beside) / jar.path
            found = lock_file.sha256(fetched)
            if found != jar.sha256:
                raise ChecksumError(
                    f"{jar.name} was fetched, but its SHA-256 is {found}, not {jar.sha256} as {listed.name} "
                    "says. It was not kept. Something between here and the package source changes files: "
                    "fetch from another network, or copy the jar to "
                    f"{folder / jar.path} from a machine where it is right"
                )
            target = folder / jar.path
            target.parent.mkdir(parents=True, exist_ok=True)
            fetched.replace(target)
    return missing
