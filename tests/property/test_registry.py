"""The step registry equals the oracle, whatever the order of arrival (rules 12 and 14)."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.changes import Mark
from schemas.registry import RegistryFact
from schemas.states import UnitStatus
from schemas.topics import CHANGES, STATUS
from streams import registry, units
from streams.registry.facts import dump, load
from tests import build
from tests.oracle import registers as oracle
from tests.property.run import as_input, check, data_of, run
from tests.property.strategies import DAYS, ENTERPRISES, UNIONS, chunked, registers

QUESTIONS = sorted({day for known in DAYS for day in (known, oracle.day_after(known))})


def records(said: list[RegistryFact]) -> list[build.Rec]:
    return [build.registry_record(fact, offset) for offset, fact in enumerate(said)]


@given(registers(), st.data())
def test_units_know_on_every_day_what_the_registers_say(said: list[RegistryFact], data: st.DataObject) -> None:
    """Through both steps: registers -> marks -> live state on the day that the clock says."""
    _, log = run(registry.step, records(said), data.draw(chunked(len(said))))
    check(log[CHANGES], Mark)
    state: dict[bytes, bytes] = {}
    latest: dict[str, UnitStatus] = {}
    marks = as_input(log[CHANGES])
    late = data.draw(st.integers(0, len(marks)))  # marks that arrive after the clock has run through all days
    chunks = [[*marks[:late]], *[[build.tick(day)] for day in QUESTIONS], marks[late:]]
    for number, chunk in enumerate(chunks):
        result = units.step(state, chunk)
        state.update({key: value for key, value in result.writes.items() if value is not None})
        for key, value in result.outputs[STATUS]:
            if not key.startswith(b"clock/"):
                latest[key.decode()] = UnitStatus.model_validate(data_of(value))
        day = QUESTIONS[min(max(number - 1, 0), len(QUESTIONS) - 1)]
        if number == len(chunks) - 1 or (late == len(marks) and number > 0):
            for unit in [*ENTERPRISES, *UNIONS]:
                compare(said, unit, day, latest.get(unit))


def compare(said: list[RegistryFact], unit: str, day: str, status: UnitStatus | None) -> None:
    if status is None:
        status = UnitStatus(unit=unit, kind="enterprise", day="", version=0, tax_code=unit[1:], union_code=unit[1:])
    fields = oracle.described(said, unit, day)
    assert status.name == fields.get("name", "")
    assert status.dissolved_on == oracle.dissolved_on(said, unit, day)
    if unit.startswith("e"):
        covers = oracle.covers(said, unit, day)
        assert status.unions == sorted(covers), day
        assert status.partial_cover == (bool(covers) and not any(covers.values()))
        assert status.tax_code == fields.get("tax_code", unit[1:])
        assert status.ownership == fields.get("ownership", "")
        assert status.agreement == oracle.agreement(said, unit, day), day
        assert status.party == oracle.party(said, unit, day)
        assert status.baseline == oracle.baseline(said, unit, day)
        if status.dissolved_on:
            assert status.successors == oracle.successors(said, unit, day)


@given(registers(), st.data())
def test_chunk_borders_change_nothing(said: list[RegistryFact], data: st.DataObject) -> None:
    assert run(registry.step, records(said), data.draw(chunked(len(said)))) == run(registry.step, records(said))


@given(registers())
def test_the_sum_of_marks_is_the_set_of_marks(said: list[RegistryFact]) -> None:
    """A mark stands once or not at all: never taken back before it was asserted, never asserted twice."""
    _, log = run(registry.step, records(said))
    standing: set[tuple[object, ...]] = set()
    for key, value in log[CHANGES]:
        data = data_of(value)
        mark = (key, data["about"], data["day"], data["key"], data["branch"], data["on"], str(data["detail"]))
        assert (mark in standing) == (data["sign"] == -1)
        standing ^= {mark}


@given(registers())
def test_the_changelog_gives_back_what_was_put_in(said: list[RegistryFact]) -> None:
    state, _ = run(registry.step, records(said))
    for value in state.values():
        assert dump(load(value)) == value
