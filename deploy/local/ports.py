"""Free ports on the loopback address, remembered in the home so that a second start uses them again."""

import json
import random
import socket
import time
from pathlib import Path

from deploy.local.whole_file import write_whole

HOST = "127.0.0.1"
_RANGE = range(20_000, 32_000)
"""Below the ports that Linux and macOS give to outgoing connections, so that none of them takes ours."""


def is_free(port: int) -> bool:
    """Whether a server could listen on the port; connections that linger after a kill do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def is_open(port: int, seconds: float = 1.0) -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection((HOST, port), timeout=seconds).close()
    except OSError:
        return False
    return True


def _choose(taken: set[int]) -> int:
    for _ in range(200):
        port = random.choice(_RANGE)  # noqa: S311 - no secret
        if port not in taken and is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _comes_free(port: int, seconds: float = 1.0) -> bool:
    """A server that was just killed may hold its port a moment longer; clients know us by that port."""
    until = time.monotonic() + seconds
    while not is_free(port):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _read(file: Path) -> dict[str, int]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {name: port for name, port in stored.items() if isinstance(port, int) and 0 < port < 65_536}


def remembered(file: Path, name: str) -> int | None:
    """The port stored under ``name``, or None; an unreadable file counts as empty."""
    return _read(file).get(name)


def assign(file: Path, names: list[str]) -> dict[str, int]:
    """A free port for each name: the remembered one unless another program has taken it. Stores them."""
    stored, ports = _read(file), dict[str, int]()
    for name in names:
        port = stored.get(name)
        taken = set(ports.values())
        ports[name] = port if port and port not in taken and _comes_free(port) else _choose(taken)
    if ports != stored:
        write_whole(file, json.dumps(ports))
    return ports
