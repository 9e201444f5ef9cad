"""The page on a real intake: empty tables, served in this process, with an operator and a clerk who can sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from consumers.store import prepare_database
from consumers.watch import accounts, create_app
from consumers.watch.roles import Role
from tests.browser.serving import form_token, on_a_port, sign_in
from tests.integration.intake_kit import Kit

PASSWORD = "correct horse battery"


@contextmanager
def empty_kit(dsn: str, kafka: str, folder: Path) -> Iterator[Kit]:
    """An intake on a database without any of our schemas."""
    with psycopg.connect(dsn, autocommit=True) as line:
        for schema in ("vault", "intake", "watch", "store"):
            line.execute(f"drop schema if exists {schema} cascade".encode())
    with Kit(dsn, kafka, folder) as made:
        yield made


@contextmanager
def page_of(kit: Kit, **desks: Any) -> Iterator[str]:
    """Its address. ``desks``: what ``create_app`` takes besides."""
    prepare_database(kit.dsn)
    for name in ("operator", "clerk"):
        accounts.ensure_account(kit.dsn, name, PASSWORD)
    accounts.set_role(kit.dsn, "clerk", "clerk")
    with on_a_port(create_app(dsn=kit.dsn, act=lambda *_: None, **desks)) as url:
        yield url


@contextmanager
def signed_in(url: str, name: Role) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=30) as client:
        assert sign_in(client, name, PASSWORD).status_code == 303
        yield client


def post(client: httpx.Client, path: str, **data: str | list[str]) -> httpx.Response:
    """A form, with its token."""
    token = form_token(client.get("/").text)
    return client.post(path, data={"form_token": token, **data})
