"""The step people equals the oracle, whatever the order of arrival (rules 1 to 6)."""

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.changes import Effect
from schemas.persons import PersonFact
from schemas.states import Finding, Movement
from schemas.topics import CHANGES, FINDINGS, MOVEMENTS
from streams import days, people
from streams.people.kept import dump, load
from streams.people.reading import fact_of, read_event
from streams.people.spells import Timeline, begun, fold
from tests import build
from tests.oracle import persons as oracle
from tests.oracle.findings import findings
from tests.property.run import Log, check, data_of, run
from tests.property.strategies import DAYS, chunked, histories

PERSON = build.person_id("a")
QUESTIONS = sorted({day for known in DAYS for day in (oracle.day_before(known), known)} | {"2030-01-01"})


def records(said: list[PersonFact], person: str = PERSON) -> list[build.Rec]:
    return [build.person_record(person, fact, offset) for offset, fact in enumerate(said)]


def sums(log: Log) -> dict[tuple[str, str], list[int]]:
    """(unit, day) -> workers, present, members: all effects of the log added up."""
    total: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, value in log[CHANGES]:
        data = data_of(value)
        at = total[key.decode(), data["day"]]
        for place, name in enumerate(("workers", "present", "members")):
            at[place] += data.get(name, 0)
    return total


def counts(total: dict[tuple[str, str], list[int]], unit: str, day: str) -> tuple[int, ...]:
    return tuple(
        sum(at[place] for (who, then), at in total.items() if who == unit and then <= day) for place in (0, 1, 2)
    )


def latest_movements(log: Log) -> dict[str, dict[str, Any]]:
    """The last version of each movement; versions must increase by one and cite the one before."""
    latest: dict[str, dict[str, Any]] = {}
    for _, value in log[MOVEMENTS]:
        data = data_of(value)
        was = latest.get(data["movement_id"])
        assert data["version"] == (was["version"] + 1 if was else 1)
        assert data["supersedes"] == data["version"] - 1
        latest[data["movement_id"]] = data
    return latest


def open_findings(log: Log) -> dict[tuple[str, str], tuple[str, int]]:
    """(fact, what) -> unit and day; each is found when it was not, and taken back when it was."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for _, value in log[FINDINGS]:
        one = data_of(value)
        at = one["fact"], one["what"]
        assert one["open"] != (at in found)
        if one["open"]:
            found[at] = one["unit"], days.ordinal(one["day"])
        else:
            assert found.pop(at) == (one["unit"], days.ordinal(one["day"]))
    return found


@given(histories(), st.data())
def test_counts_on_every_day_equal_the_oracle_in_any_order(said: list[PersonFact], data: st.DataObject) -> None:
    _, log = run(people.step, records(said), data.draw(chunked(len(said))))
    total = sums(log)
    for day in QUESTIONS:
        expected = oracle.figures(said, day)
        for unit in set(expected) | {unit for unit, _ in total}:
            assert counts(total, unit, day) == expected.get(unit, (0, 0, 0)), (unit, day)
    check(log[CHANGES], Effect)


@given(histories(), st.data())
def test_movements_are_the_pairing_of_the_final_facts(said: list[PersonFact], data: st.DataObject) -> None:
    _, log = run(people.step, records(said), data.draw(chunked(len(said))))
    found = {
        identity: oracle.Moved(
            one["what"], one["from_unit"], one["to_unit"], one["left_on"], one["started_on"], tuple(one["facts"])
        )
        for identity, one in latest_movements(log).items()
        if one["what"] != "withdrawn"
    }
    assert found == oracle.movements(PERSON, said)
    check(log[MOVEMENTS], Movement)


@given(histories(), st.data())
def test_findings_equal_the_oracle(said: list[PersonFact], data: st.DataObject) -> None:
    state, log = run(people.step, records(said), data.draw(chunked(len(said))))
    found = open_findings(log)
    assert found == {
        (one.fact.hex(), one.what): (one.unit, one.day) for one in fold(load(state[PERSON.encode()]).facts).findings
    }
    assert {(fact, what, unit, days.text(day)) for (fact, what), (unit, day) in found.items()} == findings(said)
    check(log[FINDINGS], Finding)


@given(histories(), st.data())
def test_chunk_borders_change_nothing(said: list[PersonFact], data: st.DataObject) -> None:
    mixed = [
        build.person_record(build.person_id(data.draw(st.sampled_from("ab"))), fact, offset)
        for offset, fact in enumerate(said)
    ]
    assert run(people.step, mixed, data.draw(chunked(len(mixed)))) == run(people.step, mixed)


@given(histories())
def test_rules_see_only_whole_causes(said: list[PersonFact]) -> None:
    """Within one unit, ``more`` is set on all effects of a record but the last, which stand together."""
    for offset in range(len(said)):
        state, _ = run(people.step, records(said[:offset]))
        outputs = people.step(state, records(said)[offset : offset + 1]).outputs[CHANGES]
        units = [key for key, _ in outputs]
        for at, (key, value) in enumerate(outputs):
            assert data_of(value).get("more", False) == (key in units[at + 1 :])
        assert units == sorted(units)


@given(histories())
def test_the_changelog_gives_back_what_was_put_in(said: list[PersonFact]) -> None:
    state, _ = run(people.step, records(said))
    for value in state.values():
        assert dump(load(value)) == value
        assert load(dump(load(value))) == load(value)
    kept = {fact.id: fact for fact in load(state[PERSON.encode()]).facts}
    for record in records(said):
        fact = fact_of(read_event(record.value).data)
        assert kept[fact.id].version > fact.version or kept[fact.id] == fact


@given(st.sampled_from(["joined", "transferred_in"]), st.sampled_from(DAYS), st.booleans(), st.sampled_from(["", "b1"]))
def test_the_short_way_to_a_first_spell_is_a_fold(change: str, day: str, short: bool, branch: str) -> None:
    said = build.person_fact("a", change, "e0100000001", day, short_contract=short, branch=branch)
    start = fact_of(read_event(build.person_record(PERSON, said, 0).value).data)
    short_way, whole = begun(start), fold([start])
    assert [getattr(short_way, name) for name in Timeline.__slots__] == [
        getattr(whole, name) for name in Timeline.__slots__
    ]
