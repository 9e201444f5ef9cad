"""Dead records are listed, and come back to the topic they came from."""

import base64
from collections.abc import Callable

import pytest

from streams.engine.deadletters import RecordGoneError, list_dead, replay
from tests.integration.engine.bed import Bed
from tests.integration.engine.counting import POISON

pytestmark = pytest.mark.services


def test_dead_record_is_listed_and_replayed_as_it_was(bed: Callable[..., Bed]) -> None:
    at = bed()
    at.put([(b"a", b"x"), (b"k", POISON)], 1)
    at.worker()
    at.wait()
    (one,) = list_dead(at.broker.address, [f"{at.name}.dead"])
    assert (one.topic, one.partition, one.offset, one.step) == (at.source, 1, 1, "counting")
    assert base64.b64decode(one.value) == POISON
    replay(at.broker.address, one.topic, one.partition, one.offset)
    at.wait()
    assert [(record.partition, record.key, record.value) for record in at.read("in")][-1] == (1, b"k", POISON)
    assert len(list(list_dead(at.broker.address, [f"{at.name}.dead"]))) == 2
    with pytest.raises(RecordGoneError, match="no record at offset"):
        replay(at.broker.address, one.topic, one.partition, 99)
