"""The rules of access (ACLs) that a Kafka with logins needs, from ``acls.toml``.

``python -m deploy.acls USER [PART …] [--bootstrap ADDRESS]`` prints them as commands for Kafka's own ``kafka-acls``.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Literal, NamedTuple

from schemas.topics import topic_table

Kind = Literal["topic", "group", "transactional-id"]


class Rule(NamedTuple):
    """``operation`` as Kafka names it (``Read``); ``prefixed``: for all names that begin with ``name``."""

    kind: Kind
    name: str
    operation: str
    prefixed: bool = False


def parts() -> dict[str, dict[str, list[str]]]:
    """Each part with its lists, and ``runs``: which commands and roles it is."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads((files("deploy") / "acls.toml").read_text("utf-8"))["parts"]
    return table


def rules(names: Iterable[str] = ()) -> list[Rule]:
    """What these parts need together (none named: all), each rule once. Raises KeyError for a part that is none."""
    known = parts()
    chosen = list(names) or list(known)
    return list(dict.fromkeys(rule for name in chosen for rule in _of(known[name])))


def commands(user: str, names: Iterable[str] = (), bootstrap: str = "HOST:PORT") -> Iterator[str]:
    """The rules for a principal's name as lines for a shell, one a rule."""
    for rule in rules(names):
        prefixed = " --resource-pattern-type prefixed" if rule.prefixed else ""
        yield (
            f"kafka-acls --bootstrap-server {bootstrap} --command-config admin.properties --add "
            f"--allow-principal 'User:{user}' --operation {rule.operation} --{rule.kind} '{rule.name}'{prefixed}"
        )


def _of(part: dict[str, list[str]]) -> Iterator[Rule]:
    for operation in ("create", "read", "write"):
        for topic in part.get(operation, []):
            for name in topic_table() if topic == "*" else [topic]:
                yield Rule("topic", name, operation.capitalize())
                if operation == "create":
                    yield Rule("topic", name, "Describe")
    for name in part.get("read_groups", []):
        yield Rule("group", name, "Read")
    for name in part.get("describe_groups", []):
        yield Rule("group", name, "Describe")
    for name in part.get("ids", []):
        for operation in ("Write", "Describe"):
            yield Rule("transactional-id", name.removesuffix("*"), operation, name.endswith("*"))


def main(words: list[str]) -> int:
    """Print the commands; exit code 2 where the words are none that make sense."""
    bootstrap = "HOST:PORT"
    if "--bootstrap" in words[:-1]:
        at = words.index("--bootstrap")
        bootstrap = words[at + 1]
        words = words[:at] + words[at + 2 :]
    unknown = [name for name in words[1:] if name not in parts()]
    if not words or words[0].startswith("-") or unknown:
        known = "\n".join(f"  {name:10}{part['runs']}" for name, part in parts().items())
        sys.stderr.write(f"{__doc__}\nParts (none named: all of them, as mobility up needs):\n{known}\n")
        return 2
    for line in commands(words[0], words[1:], bootstrap):
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
