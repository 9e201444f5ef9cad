"""Both services together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StartError
from deploy.local.kafka import kafka_address, kafka_pid, start_kafka, stop_kafka
from deploy.local.postgres import postgres_dsn, postgres_pid, start_postgres, stop_postgres
from deploy.local.say import OneAtATime, Say


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the services answer."""

    kafka: str
    """``127.0.0.1:port``, for ``bootstrap_servers``; no encryption, no login."""
    postgres: str
    """``postgresql://user:password@127.0.0.1:port/mobility``; keep it out of logs."""


def running(home: Path) -> Endpoints | None:
    """Both services where both run and answer, else None."""
    kafka, postgres = kafka_address(home), postgres_dsn(home)
    return Endpoints(kafka, postgres) if kafka and postgres else None


def start(home: Path, *, say: Say) -> Endpoints:
    """Starts both at the same time, or finds them running. ``home`` is made if missing.

    When one cannot be started, what this call started is stopped again, and the first error is raised
    (``FetchError``, ``ChecksumError``, ``StartError``, ``BusyError``).
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"{home}: the folder for the data cannot be made ({error.strerror}); "
            "set MOBILITY_HOME to one that can be written"
        ) from error
    had_kafka, had_postgres = kafka_address(home) is not None, postgres_dsn(home) is not None
    told = OneAtATime(say)
    with ThreadPoolExecutor(2, thread_name_prefix="start") as pool:
        kafka = pool.submit(start_kafka, home, say=told)
        postgres = pool.submit(start_postgres, home, say=told)
        try:
            endpoints = Endpoints(kafka.result(), postgres.result())
        except BaseException:
            told.stop()
            wait([kafka, postgres])
            if not had_kafka:
                stop_kafka(home)
            if not had_postgres:
                stop_postgres(home)
            raise
    return endpoints


@contextmanager
def stopped_on_failure(home: Path) -> Iterator[None]:
    """When an exception leaves it, a service of the home that did not run before is stopped again."""
    had_kafka, had_postgres = kafka_pid(home) is not None, postgres_pid(home) is not None
    try:
        yield
    except BaseException:
        if not had_kafka:
            stop_kafka(home)
        if not had_postgres:
            stop_postgres(home)
        raise


def stop(home: Path) -> None:
    """Stops both and returns when their processes are gone; nothing happens where none runs."""
    with ThreadPoolExecutor(2, thread_name_prefix="stop") as pool:
        for ended in [pool.submit(stop_kafka, home), pool.submit(stop_postgres, home)]:
            ended.result()
