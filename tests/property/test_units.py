"""The step units: alerts by the text of rule 13, and nothing depends on where a chunk ends."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.changes import AlertInherited
from schemas.states import Alert, ClockPassed, UnitStatus
from schemas.topics import ALERTS, CHANGES, STATUS
from streams import units
from streams.units import clock as clocks
from streams.units.unit import dump, load
from tests.oracle.alerts import alerts_of, inheritances_of
from tests.property.run import Log, State, check, data_of, run
from tests.property.strategies import chunked
from tests.property.unit_logs import Said, as_changes, as_records, unit_logs


def last(log: Log, topic: str) -> dict[bytes, dict[str, Any]]:
    """A compacted topic: the last record of each key."""
    return {key: data_of(value) for key, value in log.get(topic, [])}


def at_the_clock(state: State) -> dict[bytes, bytes]:
    """State as the next chunk finds it: on the clock's day, without the days that are settled.

    A unit that a tick leaves as it was is not written again, so its bytes may still name an earlier day.
    """
    clock = clocks.load(state.get(clocks.KEY))
    found = dict(state)
    for key in state:
        if key != clocks.KEY:
            unit = load(state[key])
            unit.day = clock.day
            unit.forget(clock.evaluated)
            unit.dated = dict(sorted(unit.dated.items()))
            found[key] = dump(unit)
    return found


@given(unit_logs())
def test_rule_13_alerts_equal_the_oracle(log: list[Said]) -> None:
    _, written = run(units.step, as_records(log))
    found = {key.decode(): alert for key, alert in last(written, ALERTS).items()}
    assert found == alerts_of(as_changes(log))


@given(unit_logs())
def test_rule_14_what_is_handed_on_equals_the_oracle(log: list[Said]) -> None:
    _, written = run(units.step, as_records(log))
    found = [(key.decode(), AlertInherited(**data_of(value)).model_dump()) for key, value in written[CHANGES]]
    assert found == inheritances_of(as_changes(log))


@given(unit_logs(), st.data())
def test_chunk_borders_change_nothing(log: list[Said], data: st.DataObject) -> None:
    """Rule 13: 19 -> 20 -> 19 inside one chunk gives the same alert as one by one; versions too."""
    records = as_records(log)
    chunked_state, chunked_log = run(units.step, records, data.draw(chunked(len(records))))
    state, single = run(units.step, records)
    assert at_the_clock(chunked_state) == at_the_clock(state)
    assert last(chunked_log, ALERTS) == last(single, ALERTS)
    assert sorted(chunked_log[CHANGES]) == sorted(single[CHANGES])
    of_chunks, one_by_one = last(chunked_log, STATUS), last(single, STATUS)
    for statuses in (of_chunks, one_by_one):
        for status in statuses.values():
            del status["day"]  # the day of the last record that touched it, or of a tick in the same chunk
    assert of_chunks == one_by_one


@given(unit_logs(), st.data())
def test_outputs_are_valid_and_versions_rise(log: list[Said], data: st.DataObject) -> None:
    records = as_records(log)
    state, written = run(units.step, records, data.draw(chunked(len(records))))
    check(written[STATUS], UnitStatus, ClockPassed)
    check(written[ALERTS], Alert)
    check(written[CHANGES], AlertInherited)
    versions: dict[bytes, int] = {}
    for key, value in written[STATUS] + written[ALERTS]:
        version = data_of(value).get("version")
        if version is not None:
            assert version > versions.get(key, 0)
            versions[key] = version
    for key, value in state.items():
        if key != clocks.KEY:
            assert dump(load(value)) == value


@given(unit_logs())
def test_counts_are_the_sum_of_the_effects_that_are_due(log: list[Said]) -> None:
    state, _ = run(units.step, as_records(log), [slice(0, len(log))])
    today = max((data["day"] for _, data in as_changes(log) if data["kind"] == "clock"), default="")
    for key in state:
        if key != clocks.KEY:
            effects = [data for who, data in as_changes(log) if who == key.decode() and data["kind"] == "effect"]
            due = [one for one in effects if one["day"] <= today]
            unit = load(at_the_clock(state)[key])
            expected = tuple(sum(one[name] for one in due) for name in ("workers", "present", "members"))
            assert (unit.workers, unit.present, unit.members) == expected
