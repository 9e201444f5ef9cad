"""The frozen workload and our steps of it, without Kafka: the answer that judges every participant is itself right."""

from dataclasses import dataclass

import msgspec
import pytest

from bench.peers import core_steps
from bench.workload import Answer, Pair, Workload
from streams import people, units
from streams.step import Step, Writes


@dataclass(frozen=True, slots=True)
class _Record:
    offset: int
    key: bytes
    value: bytes


def _run(step: Step, state: Writes, pairs: list[Pair], size: int) -> dict[str, list[Pair]]:
    outputs: dict[str, list[Pair]] = {}
    for start in range(0, len(pairs), size):
        records = [_Record(start + number, *pair) for number, pair in enumerate(pairs[start : start + size])]
        result = step({key: value for key, value in state.items() if value is not None}, records)
        state.update(result.writes)
        for topic, published in result.outputs.items():
            outputs.setdefault(topic, []).extend(published)
    return outputs


def _answer(outputs: dict[str, list[Pair]]) -> Answer:
    statuses = [msgspec.json.decode(value)["data"] for key, value in outputs["unit.status"] if key[:1] in b"eu"]
    counts = {data["unit"]: (data["workers"], data["members"]) for data in statuses}
    alerts = {key: msgspec.json.decode(value)["data"] for key, value in outputs["alerts"]}
    return Answer(counts, {data["unit"] for data in alerts.values() if data["state"] == "open"})


@pytest.mark.parametrize("steps", [(core_steps.people, core_steps.units), (people.step, units.step)])
@pytest.mark.parametrize("size", [700, 100_000])
def test_our_steps_give_the_right_answer_whatever_the_chunks(steps: tuple[Step, Step], size: int) -> None:
    workload = Workload(5_000)
    facts = list(workload.facts())
    effects = _run(steps[0], {}, facts, size)["unit.changes"]
    changes = [workload.tick(0), *workload.marks(), *effects]
    state: Writes = {}
    outputs = _run(steps[1], state, changes, size)
    assert _answer(outputs) == workload.answer(late=False)
    assert workload.answer(late=False).alerts, "a workload without alerts proves little"
    for topic, published in _run(steps[1], state, list(workload.late_marks()), size).items():
        outputs[topic] += published
    assert _answer(outputs) == workload.answer(late=True)


def test_same_size_gives_the_same_facts() -> None:
    assert list(Workload(500).facts()) == list(Workload(500).facts())
