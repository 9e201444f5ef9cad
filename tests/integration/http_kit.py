"""The HTTP intake for tests: served in a thread or in a process that can be killed, and its worker likewise."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn

from mobility.roles.intake_whereabouts import StoreWhereabouts
from producers.http.app import create_app
from producers.http.desk import PostDesk
from producers.http.keys import ApiKey, create_key
from producers.http.limits import DEFAULT_LIMITS, Limits
from producers.http.scope import FEEDS, WHOLE_REGISTERS
from producers.http.worker import work
from tests.integration.intake_kit import FIRM, declared, person

SERVER = """
import sys
from pathlib import Path
from producers.http.app import create_app
from producers.http.desk import PostDesk
from producers.http.server import serve
dsn, home, port = sys.argv[1:]
serve(create_app(PostDesk(dsn=dsn, home=Path(home))), host="127.0.0.1", port=int(port))
"""
WORKER = """
import sys, threading
from pathlib import Path
from producers.http.whereabouts import Unknown
from producers.http.worker import work
dsn, kafka, home = sys.argv[1:]
work(dsn=dsn, kafka=kafka, home=Path(home), whereabouts=Unknown(), stop=threading.Event())
"""
SOON = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(seen: Callable[[], Any], seconds: float = SOON) -> Any:
    """What it gives once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return found


def member(number: int, union: str = "CD-1", change: str = "admitted", on: str = "2026-09-01") -> dict[str, str]:
    """A row of the member register."""
    return person(number) | {"union_code": union, "change": change, "effective_on": on}


def movement(line: int, who: int, firm: str = FIRM, **more: str) -> dict[str, str]:
    """A row of a D02 dossier of the firm."""
    return declared(line, who, "TM", "09/2026") | {"tax_code": firm} | more


@dataclass
class Http:
    """A client of the intake, with a key."""

    url: str
    key: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """JSON, or bytes as they are. Header names: ``idempotency_key="…"``."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said["authorization"] = f"Bearer {self.key}"
        what = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.client.post(f"{self.url}/v1/{path}", headers=said, **what)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(f"{self.url}{path}", headers={"authorization": f"Bearer {self.key}"})

    def receipt(self, answer: httpx.Response) -> Any:
        """The receipt of a post once it is published."""
        assert answer.status_code == 202, answer.text
        return until(lambda: (said := self.get(answer.headers["location"]).json())["state"] == "published" and said)


def make_key(dsn: str, **options: Any) -> tuple[ApiKey, str]:
    """A key for everything, unless it is said otherwise."""
    scoped = options.keys() & {"unions", "enterprises", "areas"}
    scope = {} if scoped else {"everywhere": True}
    feeds = [feed for feed in FEEDS if not scoped or feed not in WHOLE_REGISTERS]
    said = {"name": "test", "feeds": feeds, "per_minute": 100_000, "by": "test", "now": datetime.now(UTC)}
    with psycopg.connect(dsn, autocommit=True) as connection:
        return create_key(connection, **{**said, **scope, **options})


@contextmanager
def served(dsn: str, home: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """The address of the intake, in a thread of this process."""
    desk = PostDesk(dsn=dsn, home=home, whereabouts=StoreWhereabouts(dsn), limits=limits)
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(create_app(desk), host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@contextmanager
def working(dsn: str, kafka: str, home: Path) -> Iterator[None]:
    """A worker in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(
        target=work,
        kwargs={"dsn": dsn, "kafka": kafka, "home": home, "whereabouts": StoreWhereabouts(dsn), "stop": stop},
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def start_server(dsn: str, home: Path, port: int) -> "subprocess.Popen[bytes]":
    """A server in a process of its own, once it answers."""
    child = subprocess.Popen([sys.executable, "-c", SERVER, dsn, str(home), str(port)], stderr=_log(home, "server"))

    def answers() -> bool:
        try:
            return bool(httpx.get(f"http://127.0.0.1:{port}/v1/health", timeout=5).json()["storing"])
        except (httpx.HTTPError, ValueError):
            return False

    until(answers)
    return child


def start_worker(dsn: str, kafka: str, home: Path) -> "subprocess.Popen[bytes]":
    """A worker in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", WORKER, dsn, kafka, str(home)], stderr=_log(home, "worker"))


def kill(child: "subprocess.Popen[bytes]") -> None:
    """SIGKILL."""
    child.send_signal(signal.SIGKILL)
    child.wait()


def _log(home: Path, name: str) -> int:
    return os.open(home / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
