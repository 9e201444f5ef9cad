"""``jars.sha256``: which jars Kafka is made of. ``sha256sum -c jars.sha256`` in the jar folder reads it too."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import ChecksumError

JARS = Path(__file__).with_name("jars.sha256")
"""The broker's own list; ``python -m deploy.local.lock_jars`` writes it."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line: the SHA-256 in hex and the path in a Maven repository, ``group/…/artifact/version/file``."""

    sha256: str
    path: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rsplit("/", 1)[1]

    @property
    def coordinate(self) -> tuple[str, str, str, str]:
        """Group, artifact, version and classifier (mostly empty)."""
        *group, artifact, version, file = self.path.split("/")
        classifier = file.removeprefix(f"{artifact}-{version}").removesuffix(".jar").removeprefix("-")
        return ".".join(group), artifact, version, classifier


@dataclass(frozen=True, slots=True)
class JarList:
    """A whole list, with the words that its head says of it."""

    title: str
    size: int
    """Bytes of all the jars together, for progress."""
    jars: tuple[Jar, ...]


def read(file: Path) -> JarList:
    """Reads a list. Raises ``ChecksumError`` naming file and line for one that is no list of jars."""
    title, size, jars = file.name, 0, list[Jar]()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("# title: "):
            title = line.removeprefix("# title: ")
        elif line.startswith("# bytes: "):
            size = int(line.removeprefix("# bytes: "))
        elif line and not line.startswith("#"):
            sha256, _, path = line.partition("  ")
            if len(sha256) != 64 or path.count("/") < 3 or not path.endswith(".jar") or ".." in path:
                raise ChecksumError(
                    f"{file}, line {number}: not a SHA-256 and a jar; "
                    "write the list again with python -m deploy.local.lock_jars"
                )
            jars.append(Jar(sha256, path))
    return JarList(title, size, tuple(jars))


def write(file: Path, title: str, command: str, jars: dict[str, Path]) -> JarList:
    """Writes the list of ``jars`` (path in the repository → file), as it will be read."""
    rows = [f"{sha256(found)}  {path}" for path, found in jars.items()]
    size = sum(found.stat().st_size for found in jars.values())
    head = [f"# title: {title}", f"# bytes: {size}", f"# written by: {command}"]
    file.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return read(file)


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
