"""A broker for these tests alone: some of them stop it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import Broker
from tests.integration.engine.bed import Bed


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka that the tests may stop and start."""
    made = Broker(tmp_path_factory.mktemp("engine") / "home", partitions=1)
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def bed(broker: Broker, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Bed]]:
    """Makes the test's topics; ends its workers."""
    made: list[Bed] = []

    def make(**options: Any) -> Bed:
        name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_"))[-60:]
        made.append(Bed(broker, name, tmp_path, **options))
        return made[-1]

    yield make
    for one in made:
        one.end()
