"""Writes ``jars.sha256`` again, when the version of Kafka is raised: ``python -m deploy.local.lock_jars``.

With coordinates and ``--out`` it lists any other program's jars, for ``verified_jars`` to fetch and check.
"""

import tempfile
from pathlib import Path
from typing import Any

import click

from deploy.local import lock_file

KAFKA = ("org.apache.kafka", "kafka_2.13")
VERSION = "4.2.2"
"""Not the newest stable one, for a reason: from 4.3.1 on (4.4.0 too) ``KRaftMetadataCache``'s
``getPartitionLeaderEndpoint`` answers "no such partition" for one that has no leader at the moment, where
4.2.2 answers "no node", which is tried again. The transaction coordinator takes the former for a deleted
topic and skips its markers. After a kill of a single broker every partition is without a leader for a while,
so commits that were answered can stay unreadable for ever (seen with both, on a machine with little load).
Before raising it, compare that method, and run the kill test many times: it is a race, one pass says little.
"""
LOG4J = "org.apache.logging.log4j"


@click.command()
@click.argument("coordinates", nargs=-1)
@click.option("--version", "kafka", default=VERSION, show_default=True, help="Kafka's version.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=lock_file.JARS)
@click.option("--title", default="Jars", help="The list's title, shown as progress (with COORDINATES).")
def main(coordinates: tuple[str, ...], kafka: str, out: Path, title: str) -> None:
    """Resolve Kafka, or the COORDINATES (group:artifact:version), and write their SHA-256 sums."""
    with tempfile.TemporaryDirectory(prefix="lock-jars-") as folder:
        from jgo.maven import MavenContext

        context = MavenContext(repo_cache=Path(folder).resolve())
        command = "python -m deploy.local.lock_jars"
        if coordinates:
            found: dict[str, Any] = {}
            for coordinate in coordinates:
                found |= _resolve(context, coordinate)
            command += f" --out {out.name} " + " ".join(coordinates)
        else:
            title = f"Apache Kafka {kafka}"
            found = _broker(context, kafka)
        jars: dict[str, Path] = {}
        with click.progressbar(found.items(), label=f"Fetching {len(found)} jars") as bar:
            for _, artifact in bar:
                jar = Path(artifact.resolve())
                jars[jar.relative_to(context.repo_cache).as_posix()] = jar
        listed = lock_file.write(out, title, command, jars)
    click.echo(f"{out}: {listed.title}, {len(listed.jars)} jars, {listed.size / 1e6:.1f} MB")


def _broker(context: Any, version: str) -> dict[str, Any]:
    """Kafka's jars and the binding that its logging facade needs.

    The binding is added by name, in the version of the log4j that Kafka brings: resolved beside Kafka, its
    own parent's managed versions would win over Kafka's.
    """
    found = _resolve(context, ":".join((*KAFKA, version)))
    log4j = found[f"{LOG4J}:log4j-core:"].version
    binding = context.project(LOG4J, "log4j-slf4j-impl").at_version(log4j).artifact()
    return found | {f"{LOG4J}:log4j-slf4j-impl:": binding}


def _resolve(context: Any, coordinate: str) -> dict[str, Any]:
    """Group:artifact:classifier → artifact, for the coordinate and all it needs at run time."""
    inputs, needed = context.resolver.resolve([context.create_dependency(coordinate)])
    return {
        f"{dep.groupId}:{dep.artifactId}:{dep.classifier}": dep.artifact
        for dep in (*inputs, *needed)
        if dep.scope in (None, "compile", "runtime") and not dep.optional
    }


if __name__ == "__main__":
    main()
