"""The page on a free port, served by uvicorn in a thread, over a database of its own."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from fastapi import FastAPI

from consumers.watch import accounts, create_app
from consumers.watch.server import Server
from schemas.changes import AlertAction
from tests.browser.log import Log

NAME, PASSWORD = "officer", "correct horse battery"


@dataclass
class Desk:
    """Takes what officers do; ``broken`` makes it fail as a broker that is away."""

    taken: list[tuple[str, AlertAction]] = field(default_factory=list)
    looks: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    def act(self, unit: str, action: AlertAction) -> None:
        if self.broken:
            raise ConnectionError("no broker")
        self.taken.append((unit, action))

    def look(self, account: str, person: UUID) -> None:
        self.looks.append((account, person.hex))


@dataclass
class Served:
    """A page that runs."""

    url: str
    dsn: str
    app: FastAPI
    desk: Desk
    log: Log

    def client(self) -> httpx.Client:
        """A browser without eyes; it follows nothing by itself."""
        return httpx.Client(base_url=self.url, timeout=20)

    @contextlib.contextmanager
    def signed_in(self) -> Iterator[httpx.Client]:
        """The same with a session."""
        with self.client() as client:
            answer = sign_in(client, NAME, PASSWORD)
            assert answer.status_code == 303, answer.text
            yield client


def sign_in(client: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    """Fetch the form, fill it in, send it."""
    token = form_token(client.get("/sign-in").text)
    return client.post("/sign-in", data={"name": name, "password": password, "form_token": token, **more})


def form_token(page: str) -> str:
    """That of the first form of a page."""
    return page.partition('name="form_token" value="')[2].partition('"')[0]


@contextlib.contextmanager
def serve(dsn: str) -> Iterator[Served]:
    """Until the block ends."""
    log = Log(dsn)
    accounts.ensure_account(dsn, NAME, PASSWORD)
    desk = Desk()
    app = create_app(dsn=dsn, act=desk.act, look=desk.look)
    with on_a_port(app) as url:
        yield Served(url, dsn, app, desk, log)


@contextlib.contextmanager
def on_a_port(app: FastAPI) -> Iterator[str]:
    """Its address, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    assert server.started, "the page did not start within 10 s"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the page did not stop"
