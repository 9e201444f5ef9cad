"""Partitions over workers: even, of every topic by itself too, and moving little."""

from collections import Counter

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.assignor import spread

FACTS = [TopicPartition("facts", number) for number in range(4)]
CHANGES = [TopicPartition("changes", number) for number in range(4)]


def test_second_worker_gets_half_of_every_topic() -> None:
    owned = spread(FACTS + CHANGES, {"first": FACTS + CHANGES, "second": []})
    for places in owned.values():
        assert Counter(place.topic for place in places) == {"facts": 2, "changes": 2}
    assert set(owned["first"]) < set(FACTS + CHANGES)


def test_nothing_moves_when_everything_is_even() -> None:
    held = {"a": FACTS[:2] + CHANGES[2:], "b": FACTS[2:] + CHANGES[:2]}
    owned = spread(FACTS + CHANGES, held)
    assert {worker: set(places) for worker, places in owned.items()} == {w: set(p) for w, p in held.items()}


def test_only_the_partitions_of_the_one_that_left_move() -> None:
    owned = spread(FACTS + CHANGES, {"a": FACTS[:2] + CHANGES[2:]})
    assert set(owned["a"]) == set(FACTS + CHANGES)
    three = spread(FACTS + CHANGES, {"a": FACTS[:2] + CHANGES[2:], "b": FACTS[2:], "c": []})
    assert set(FACTS[2:]) <= set(three["b"])
    assert sorted(map(len, three.values())) == [2, 3, 3]


@pytest.mark.parametrize("partitions", [1, 3, 4, 12])
@given(st.data())
def test_everything_is_owned_once_and_evenly_whatever_was_before(partitions: int, data: st.DataObject) -> None:
    every = [TopicPartition(topic, number) for topic in ("a", "b", "c") for number in range(partitions)]
    gone = [TopicPartition("dropped", 0)]
    workers = [f"w{number}" for number in range(data.draw(st.integers(1, 5)))]
    held = {worker: data.draw(st.lists(st.sampled_from(every + gone), unique=True)) for worker in workers}
    owned = spread(every, held)
    assert sorted(place for places in owned.values() for place in places) == sorted(every)
    sizes = [len(owned[worker]) for worker in workers]
    assert max(sizes) - min(sizes) <= 1
