"""``--kills`` and ``--seed``; ``make chaos KILLS=200 SEED=1`` is the long run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Only known when ``tests/chaos`` is named on the command line; else the defaults of the fixtures hold."""
    parser.addoption("--kills", type=int, default=8, help="how many times something is killed, frozen or moved")
    parser.addoption("--seed", type=int, default=1, help="the same seed kills the same things in the same order")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many events."""
    return int(request.config.getoption("--kills", default=8))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Of the city's facts and of the events."""
    return int(request.config.getoption("--seed", default=1))
