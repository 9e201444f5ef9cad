"""Rule 9: a correction that names another person says so at its enterprise, once for each of its parts."""

from typing import Any

import pytest

from schemas.changes import Effect
from schemas.ids import digest
from schemas.persons import PersonFact
from schemas.swap import Swap
from schemas.topics import CHANGES, MOVEMENTS_IN
from streams import people
from streams.step import PoisonRecordError
from tests import build
from tests.property.run import State, as_input, check, commit, data_of, run
from tests.unit.streams.world import A, B, U

AN, BINH, CHI = (build.person_id(name) for name in ("an", "binh", "chi"))
DAY = "2026-01-01"
Heard = list[tuple[int | None, int, bool]]


def fact(version: int, change: str = "joined", unit: str = A, day: str = DAY, part: int = 0, **more: Any) -> PersonFact:
    swap = Swap(id=digest("swap", str(version - part)), part=part, parts=2) if part else None
    return build.person_fact(more.pop("name", "1"), change, unit, day, version=version, swap=swap, **more)


def heard(*said: tuple[str, PersonFact], at: str = A) -> Heard:
    """Part, ± workers and ``more`` of each effect at the enterprise, in order."""
    _, log = run(people.step, [build.person_record(person, one) for person, one in said])
    return effects(log[CHANGES], at)


def effects(outputs: list[tuple[bytes, bytes]], at: str = A) -> Heard:
    found = [data_of(value) for key, value in outputs if key == at.encode()]
    return [((one.get("swap") or {}).get("part"), one.get("workers", 0), one.get("more", False)) for one in found]


GONE = fact(2, "cancelled", part=1)
THERE = fact(3, part=2)


def test_both_persons_say_which_part_they_are() -> None:
    records = [(AN, fact(1)), (AN, GONE), (BINH, THERE)]
    _, log = run(people.step, [build.person_record(person, one) for person, one in records])
    assert effects(log[CHANGES]) == [(None, 1, False), (1, -1, False), (2, 1, False)]
    check(log[CHANGES], Effect)
    swaps = [data_of(value)["swap"] for _, value in log[CHANGES][1:]]
    assert swaps == [one.swap.model_dump() for one in (GONE, THERE) if one.swap]


def test_who_counts_there_already_or_never_did_says_that_nothing_changes() -> None:
    other = fact(1, name="2")
    assert heard((AN, fact(1)), (AN, other), (AN, GONE))[1:] == [(1, 0, False)]
    assert heard((BINH, other), (BINH, THERE))[1:] == [(2, 0, False)]
    assert heard((AN, GONE)) == [(1, 0, False)], "withdrawn before it came"
    assert heard((AN, fact(1)), (AN, fact(4)), (AN, GONE))[1:] == [(1, 0, False)], "known in a later version"
    assert heard((AN, fact(2, "cancelled", "", part=1))) == [], "of no enterprise"


def test_a_part_of_several_effects_is_one_part() -> None:
    left = fact(1, "departed", day="2026-03-01", name="2")
    back = fact(1, "joined", day="2026-05-01", name="3")
    gone = fact(2, "cancelled", day="2026-03-01", part=1, name="2")
    assert heard((AN, fact(1)), (AN, left), (AN, back), (AN, gone))[3:] == [(1, 1, True), (1, -1, False)]


def test_other_units_of_the_person_do_not_wait() -> None:
    death = fact(1, "died", name="2", day="2026-03-01")
    gone = fact(2, "cancelled", part=1, name="2", day="2026-03-01")
    said = [(AN, fact(1)), (AN, fact(1, unit=B, name="3")), (AN, death), (AN, gone)]
    assert heard(*said)[2:] == [(1, 1, False)]
    assert heard(*said, at=B)[2:] == [(None, 1, False)]


def test_the_same_record_again_says_nothing() -> None:
    assert heard((AN, fact(1)), (AN, GONE), (AN, GONE), (BINH, THERE), (BINH, THERE)) == heard(
        (AN, fact(1)), (AN, GONE), (BINH, THERE)
    )


def test_three_corrections_in_a_row() -> None:
    said = [(AN, fact(1)), (AN, GONE), (BINH, THERE)]
    said += [(BINH, fact(4, "cancelled", part=1)), (CHI, fact(5, part=2))]
    said += [(CHI, fact(6, "cancelled", part=1)), (AN, fact(7, part=2))]
    assert heard(*said)[1:] == [(1, -1, False), (2, 1, False)] * 3


@pytest.mark.parametrize("order", ["gone first", "there first"])
@pytest.mark.parametrize("into", [CHI, AN], ids=["into a third", "into the other"])
def test_parts_follow_a_merged_identity(into: str, order: str) -> None:
    """Both halves, or one of them, come to an id that is no more; each is heard once."""
    state: State = {}
    merger = build.person_fact("m", "identity_merged", "", DAY, winner=into)
    losers = [AN, BINH] if into == CHI else [BINH]
    waiting = [build.person_record(AN, fact(1))]
    waiting += [build.person_record(loser, merger.model_copy(update={"fact": digest("m", loser)})) for loser in losers]
    parts = [build.person_record(AN, GONE), build.person_record(BINH, THERE)]
    waiting += parts if order == "gone first" else reversed(parts)
    written: list[tuple[bytes, bytes]] = []
    while waiting:
        log: dict[str, list[tuple[bytes, bytes]]] = {}
        commit(people.step, state, log, [waiting.pop(0)])
        written += log[CHANGES]
        waiting += as_input(log[MOVEMENTS_IN])
    assert sorted(part for part, *_ in effects(written) if part) == [1, 2]
    assert sum(workers for _, workers, _ in effects(written)) == 1


@pytest.mark.parametrize(
    "swap", [{"id": "x", "part": 1, "parts": 2}, {"id": "a" * 32, "part": 0, "parts": 2}, {"id": "a" * 32}, "x"]
)
def test_a_swap_that_is_none_is_refused(swap: object) -> None:
    record = build.person_record(AN, fact(1))
    assert record.value is not None
    spoilt = record.value.replace(b'"swap":null', b'"swap":' + str(swap).replace("'", '"').encode())
    assert spoilt != record.value
    with pytest.raises(PoisonRecordError):
        people.step({}, [build.Rec(0, record.key, spoilt)])


def test_a_member_of_a_union_waits_for_nobody() -> None:
    """No rule looks at a union."""
    gone = fact(2, "cancelled", U, part=1)
    assert heard((AN, fact(1, "admitted", U)), (AN, gone), at=U)[1:] == [(1, 0, False)]
