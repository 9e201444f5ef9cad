"""Rule 14: a dissolved enterprise hands its alert on, so that months of waiting are not lost."""

from typing import Any

from schemas.changes import AlertInherited
from schemas.ids import alert_id
from schemas.topics import CHANGES
from streams import units
from tests import build
from tests.property.run import Log, State, commit, data_of
from tests.unit.streams.world import A, B, C
from tests.unit.streams.world import Log as Story


class Family:
    """Several enterprises on one partition; what one hands on is read after what is there already."""

    def __init__(self) -> None:
        self.state: State = {}
        self.log: Log = {}
        self.handed: list[tuple[str, dict[str, Any]]] = []

    def tell(self, *stories: Story) -> "Family":
        """Records that the stories would have taken, in their order."""
        for story in stories:
            self._read(story.waiting)
        return self

    def tick(self, *days: str) -> "Family":
        for day in days:
            self._read([build.tick(day)])
        return self

    def alert(self, unit: str, episode: int = 1) -> dict[str, Any]:
        identity = alert_id("no-union", unit, episode)
        found = [data_of(value) for key, value in self.log.get("alerts", []) if key.decode() == identity]
        return found[-1] if found else {}

    def _read(self, records: list[build.Rec]) -> None:
        for record in records:
            written: Log = {}
            commit(units.step, self.state, written, [record])
            for topic, outputs in written.items():
                self.log.setdefault(topic, []).extend(outputs)
            said = written.get(CHANGES, [])
            self.handed += [(key.decode(), AlertInherited(**data_of(value)).model_dump()) for key, value in said]
            self._read([build.Rec(0, key, value) for key, value in said])


def story(unit: str) -> Story:
    told = Story(unit, one_by_one=False)
    return told


def ended(unit: str, *successors: str, day: str = "2026-04-10", sign: int = 1) -> Story:
    """The marks of a merger (one successor) or a split."""
    told = story(unit).mark("dissolved", day, sign=sign, more=bool(successors))
    for place, one in enumerate(successors):
        more = place + 1 < len(successors)
        told.mark("edge", day, key=one, detail={"direction": "to"}, sign=sign, more=more)
    return told


def waited() -> Family:
    """A has waited since 31 January and is confirmed (January, February)."""
    return Family().tick("2026-01-31").tell(story(A).workers(25)).tick("2026-03-02", "2026-03-30", "2026-04-10")


def steps(alert: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["on"], one["state"], one["reason"]) for one in alert["history"]]


def test_a_successor_of_20_carries_the_predecessors_alert() -> None:
    city = waited().tell(story(B).workers(30))
    assert city.alert(B)["opened_on"] == "2026-04-10"
    before = city.alert(A)
    city.tell(ended(A, B))
    left, carried = city.alert(A), city.alert(B)
    assert (left["state"], left["reason"], left["successors"]) == ("resolved", "dissolved", [B])
    assert (carried["opened_on"], carried["confirmed_on"]) == ("2026-01-31", "2026-02-28")
    (one,) = carried["inherited"]
    assert (one["alert"], one["unit"], one["opened_on"]) == (alert_id("no-union", A, 1), A, "2026-01-31")
    assert one["history"] == left["history"]
    assert one["history"][:-1] == before["history"]
    assert steps(carried) == [("2026-04-10", "open", ""), ("2026-04-10", "open", "inherited")]


def test_a_successor_that_grows_within_90_days_takes_it_up_then() -> None:
    city = waited().tell(ended(A, B)).tick("2026-07-09").tell(story(B).workers(20))
    assert city.alert(B)["opened_on"] == "2026-01-31"
    late = waited().tell(ended(A, B)).tick("2026-07-10").tell(story(B).workers(20))
    assert (late.alert(B)["opened_on"], late.alert(B)["inherited"]) == ("2026-07-10", [])


def test_a_covered_successor_takes_it_up_when_cover_is_lost() -> None:
    city = waited().tell(story(B).cover().workers(30), ended(A, B))
    assert city.alert(B) == {}
    city.tick("2026-05-01").tell(story(B).cover("2026-05-01", on=False))
    assert city.alert(B)["opened_on"] == "2026-01-31"


def test_month_ends_of_the_predecessor_count_on() -> None:
    """One month-end at 20 or more at A, the next at B: confirmed."""
    city = Family().tick("2026-01-31").tell(story(A).workers(25), story(B).workers(30)).tick("2026-03-02")
    city.tell(ended(A, C, day="2026-03-02"), story(C).workers(20)).tick("2026-03-30")
    assert city.alert(C)["confirmed_on"] == "2026-02-28"
    alone = Family().tick("2026-03-02").tell(story(C).workers(20)).tick("2026-03-30")
    assert alone.alert(C)["confirmed_on"] == ""


def test_an_inherited_streak_that_is_longer_ends_the_successors_small_month_ends() -> None:
    """B had 17 at the end of February; with A's two month-ends at 20 or more it begins to shrink anew."""
    city = Family().tick("2026-01-31").tell(story(A).workers(25), story(B).workers(30).workers(-13, "2026-02-15"))
    city.tick("2026-03-02", "2026-03-30", "2026-04-10").tell(ended(A, B)).tick("2026-04-30")
    assert (city.alert(B)["state"], city.alert(B)["workers"]) == ("open", 17)
    assert [one["unit"] for one in city.alert(B)["inherited"]] == [A]
    city.tick("2026-05-30")
    assert (city.alert(B)["state"], city.alert(B)["reason"]) == ("resolved", "shrunk")
    alone = Family().tick("2026-01-31").tell(story(B).workers(30).workers(-13, "2026-02-15"))
    alone.tick("2026-03-02", "2026-03-30", "2026-04-10", "2026-04-30")
    assert (alone.alert(B)["state"], alone.alert(B)["reason"]) == ("resolved", "shrunk")


def test_a_split_reaches_every_successor() -> None:
    city = waited().tell(story(B).workers(20), story(C).workers(20), ended(A, B, C))
    assert city.alert(A)["successors"] == [B, C]
    assert [city.alert(unit)["opened_on"] for unit in (B, C)] == ["2026-01-31", "2026-01-31"]


def test_an_edge_that_comes_later_hands_on_too() -> None:
    city = waited().tell(story(B).workers(20), ended(A))
    assert (city.alert(A)["successors"], city.handed) == ([], [])
    city.tick("2026-04-20").tell(story(A).mark("edge", "2026-04-10", key=B, detail={"direction": "to"}))
    assert city.alert(A)["successors"] == [B]
    assert steps(city.alert(A))[-1] == ("2026-04-20", "resolved", "successors")
    assert city.alert(B)["opened_on"] == "2026-01-31"


def test_what_a_successor_carries_goes_on_to_its_own_successor() -> None:
    city = waited().tell(story(B).workers(30), ended(A, B)).tick("2026-06-01")
    city.tell(ended(B, C, day="2026-06-01"), story(C).workers(20))
    assert [one["unit"] for one in city.alert(C)["inherited"]] == [A, B]
    assert city.alert(C)["opened_on"] == "2026-01-31"
    unused = waited().tell(ended(A, B)).tick("2026-06-01").tell(ended(B, C, day="2026-06-01"), story(C).workers(20))
    assert [one["unit"] for one in unused.alert(C)["inherited"]] == [A]


def test_a_merger_that_is_withdrawn_takes_the_alert_back() -> None:
    city = waited().tell(story(B).workers(20), ended(A, B), ended(A, B, sign=-1))
    assert [one["sign"] for _, one in city.handed] == [1, -1]
    assert (city.alert(A)["state"], city.alert(A)["successors"]) == ("open", [])
    assert (city.alert(B)["opened_on"], city.alert(B)["confirmed_on"]) == ("2026-04-10", "")
    assert steps(city.alert(B))[-1] == ("2026-04-10", "open", "inheritance-withdrawn")


def test_enterprises_that_succeed_each_other_in_a_ring_come_to_rest() -> None:
    city = waited().tell(story(B).workers(30), story(C).workers(30))
    city.tell(ended(A, B), ended(B, C), ended(C, A))
    told = [(unit, one["sender"], one["unit"]) for unit, one in city.handed]
    assert len(told) == len(set(told))
    assert all(unit != owner for unit, _, owner in told)


def test_the_same_record_again_changes_nothing_but_the_version() -> None:
    city = waited().tell(story(B).workers(20), ended(A, B))
    before = city.alert(B)
    again = next(value for key, value in city.log[CHANGES] if key == B.encode())
    commit(units.step, city.state, city.log, [build.Rec(0, B.encode(), again)])
    assert city.alert(B) == before


def test_an_alert_that_was_over_before_leaves_nothing() -> None:
    city = waited().tell(story(A).cover(), story(B).workers(20), ended(A, B))
    assert city.handed == []
    assert city.alert(B)["inherited"] == []


def test_what_two_hand_on_stays_until_both_have_taken_it_back() -> None:
    """A is split into B and C, later C merges into B: B hears of A's alert twice. The second merger is withdrawn."""
    city = waited().tell(story(B).workers(20), story(C).workers(20), ended(A, B, C))
    city.tick("2026-05-01").tell(ended(C, B, day="2026-05-01"), ended(C, B, day="2026-05-01", sign=-1))
    assert [one["unit"] for one in city.alert(B)["inherited"]] == [A]
    assert (city.alert(B)["opened_on"], city.alert(B)["confirmed_on"]) == ("2026-01-31", "2026-02-28")
    city.tell(ended(A, B, C, sign=-1))
    assert (city.alert(B)["inherited"], city.alert(B)["opened_on"]) == ([], "2026-04-10")


def test_a_merger_that_is_withdrawn_takes_its_row_of_month_ends_along() -> None:
    """B had 20 for the first time at the end of March; A's two month-ends before are A's again."""
    city = waited().tell(story(B).workers(20, "2026-03-01"), ended(A, B), ended(A, B, sign=-1))
    assert city.tick("2026-04-30").alert(B)["confirmed_on"] == ""
    assert city.tick("2026-05-30").alert(B)["confirmed_on"] == "2026-04-30"


def test_a_confirmation_by_both_rows_together_goes_with_the_merger_that_is_withdrawn() -> None:
    """A: 20 at the end of February. B, its successor: at the end of March. Together that confirms, B alone is not."""
    city = Family().tick("2026-03-02").tell(story(A).workers(25)).tick("2026-03-30", "2026-04-10")
    city.tell(story(B).workers(20, "2026-03-01"), ended(A, B)).tick("2026-04-30")
    assert city.alert(B)["confirmed_on"] == "2026-03-31"
    city.tell(ended(A, B, sign=-1))
    assert city.alert(B)["confirmed_on"] == ""
    assert city.tick("2026-05-30").alert(B)["confirmed_on"] == "2026-04-30"


def test_a_row_that_is_carried_begins_anew_when_the_alert_is_reopened() -> None:
    """A: 20 at the end of February. B carries that on, is covered and uncovered: decision 0004."""
    city = Family().tick("2026-03-02").tell(story(A).workers(25)).tick("2026-03-30", "2026-04-10")
    city.tell(story(B).workers(20, "2026-03-01"), ended(A, B), story(B).cover().cover(sign=-1)).tick("2026-04-30")
    assert (city.alert(B)["state"], city.alert(B)["confirmed_on"]) == ("open", "")
    assert city.tick("2026-05-30").alert(B)["confirmed_on"] == "2026-04-30"
