"""The log of a role: our lines all, those of the packages below from WARNING on and each sentence once in a while."""

import logging
from collections.abc import Iterator

import pytest

from mobility.roles import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The logging of the test run stays what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    root.handlers[:] = []
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def test_our_lines_from_the_level_on_and_others_from_warning_on(capsys: pytest.CaptureFixture[str]) -> None:
    logs.log_to_stderr("INFO")
    for name in ("consumers.store.run", "aiokafka", "psycopg.pool"):
        for level in ("debug", "info", "warning"):
            getattr(logging.getLogger(name), level)("%s of %s", level, name)
    told = [line.split(" ", 2)[2] for line in capsys.readouterr().err.splitlines()]
    assert told == [
        "INFO consumers.store.run: info of consumers.store.run",
        "WARNING consumers.store.run: warning of consumers.store.run",
        "WARNING aiokafka: warning of aiokafka",
        "WARNING psycopg.pool: warning of psycopg.pool",
    ]


def test_a_client_that_repeats_itself_is_heard_once_in_a_while(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)
    logs.log_to_stderr("INFO")
    for _ in range(int(2 * logs.SPARING_SECONDS)):
        logging.getLogger("aiokafka").error("Unable to connect to %s", now)
        logging.getLogger("consumers.store").warning("ours")
        now += 1
    told = capsys.readouterr().err
    assert told.count("Unable") == 2
    assert told.count("ours") == 2 * logs.SPARING_SECONDS


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        logs.log_to_stderr("LOUD")
