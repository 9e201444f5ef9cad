"""The broker's data folder: formatted in one move, and mended when a crash has left it half made."""

import base64
import os
import shutil
import subprocess
import uuid
from pathlib import Path

from deploy.local.errors import StartError
from deploy.local.jvm import environment, java
from deploy.local.process import tail
from deploy.local.say import Say

_METADATA = "__cluster_metadata-0"


def ensure_formatted(folder: Path, settings: str, classpath: list[Path], *, say: Say) -> None:
    """Leaves ``folder/data`` formatted. Data of topics is never deleted.

    ``meta.properties`` is kept twice: without it the broker does not read what it stored. A folder without it
    and without topics is an unfinished format: it is set aside and formatted again. Raises ``StartError``.
    """
    data, meta, kept = folder / "data", folder / "data" / "meta.properties", folder / "meta.properties.kept"
    if _is_whole(meta):
        if not _is_whole(kept):
            _copy(meta, kept)
        return
    if (data / _METADATA).is_dir() and _is_whole(kept):
        say("Kafka: restoring meta.properties of the data folder")
        _copy(kept, meta)
        return
    if data.exists():
        topics = [entry.name for entry in data.iterdir() if entry.is_dir() and entry.name != _METADATA]
        if topics:
            raise StartError(
                f"{data} holds {len(topics)} partitions, but neither {meta.name} nor its copy {kept} is there: "
                "put one of them back, or move the folder away to begin with an empty Kafka"
            )
        aside = next(path for n in range(1, 10_000) if not (path := folder / f"data.half-formatted-{n}").exists())
        say(f"Kafka: the data folder was not fully formatted; set aside as {aside.name}")
        data.rename(aside)
    _format(folder, settings, classpath, say)
    _copy(meta, kept)


def _format(folder: Path, settings: str, classpath: list[Path], say: Say) -> None:
    say("Kafka: formatting its storage")
    new = folder / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    config = folder / "format.properties"
    config.write_text(f"{settings}log.dirs={new.name}\n", encoding="ascii")
    cluster = "U" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii")[1:22]
    tool = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", config.name]
    out = folder.parent / "logs" / "kafka.out"
    with out.open("ab") as log:
        done = subprocess.run(
            [
                str(java()),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=log4j2.properties",
                *tool,
            ],
            cwd=folder,
            env=environment(classpath),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    config.unlink()
    if done.returncode or not _is_whole(new / "meta.properties"):
        raise StartError(f"Kafka's storage could not be formatted; {out} ends with: {tail(out)}")
    new.rename(folder / "data")


def _is_whole(meta: Path) -> bool:
    try:
        text = meta.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    names = {line.partition("=")[0] for line in text.splitlines() if line.partition("=")[2]}
    return {"cluster.id", "node.id", "directory.id"} <= names


def _copy(source: Path, target: Path) -> None:
    new = target.with_name(f"{target.name}.new")
    with new.open("wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    new.replace(target)
