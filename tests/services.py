"""Fixtures on a real Kafka and a real PostgreSQL; a test module asks for ``endpoints`` or ``fresh_database``.

``MOBILITY_KAFKA`` and ``MOBILITY_POSTGRES`` name services that exist. Without them the embedded ones are
started, in ``MOBILITY_TEST_HOME`` (kept for the next run) or in a folder of the session, and stopped at the
end if this session started them.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from deploy.local import Endpoints, running, start, stop


def _say(step: str, done: int | None = None, total: int | None = None) -> None:
    if done is None:
        print(step)


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Endpoints]:
    """A Kafka and a PostgreSQL for the whole session. Tests make topics and databases of their own in them.

    Their folder is not below pytest's own: another session of pytest makes that one private, and PostgreSQL, another
    user where the tests run as root, loses its data.
    """
    kafka, postgres = os.environ.get("MOBILITY_KAFKA"), os.environ.get("MOBILITY_POSTGRES")
    if kafka and postgres:
        yield Endpoints(kafka, postgres)
        return
    if kafka or postgres:
        pytest.fail("set both MOBILITY_KAFKA and MOBILITY_POSTGRES, or neither")
    stated = os.environ.get("MOBILITY_TEST_HOME")
    home = Path(stated) if stated else Path(tempfile.mkdtemp(prefix="mobility-services-"))
    was_running = running(home)
    try:
        yield was_running or start(home, say=_say)
    finally:
        if was_running is None:
            stop(home)
        if not stated:
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def fresh_database(endpoints: Endpoints) -> Iterator[str]:
    """The DSN of a new empty database, dropped after the module's last test."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(endpoints.postgres, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield urlunsplit(urlsplit(endpoints.postgres)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(endpoints.postgres, autocommit=True) as line:
            line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
