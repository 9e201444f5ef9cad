"""What a checkpoint leaves out of the pairing of leaves and starts (rule 6) can't be paired otherwise by what comes."""

from hypothesis import given
from hypothesis import strategies as st

from streams import days
from streams.people.moves import alone, resolve, stands_alone, still_open
from streams.people.turns import Turn

FIRST = days.ordinal("2025-01-01")


@st.composite
def many_turns(draw: st.DrawFn) -> list[Turn]:
    """Leaves and starts of somebody who changes places often, so that one pair hangs on another; by day."""
    turns: list[Turn] = []
    day = FIRST
    for number in range(draw(st.integers(2, 12))):
        day += draw(st.sampled_from([0, 3, 10, 25, 31, 45, 59, 61]))
        start, exact, declared = draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 3)) == 0
        death = not start and draw(st.integers(0, 15)) == 0
        unit = f"e{number}" if draw(st.booleans()) else "e"
        if not any((turn.unit, turn.day) == (unit, day) for turn in turns):
            turns.append(Turn(day, unit, start, draw(st.binary(min_size=2, max_size=2)), declared, exact, death))
    return turns


@given(many_turns(), st.integers(0, 12), st.integers(0, 40))
def test_a_settled_turn_keeps_its_partner_whatever_comes(turns: list[Turn], at: int, more: int) -> None:
    earlier = turns[:at]
    day = (earlier[-1].day + 1 if earlier else FIRST) + more
    later = [turn for turn in turns[at:] if turn.day >= day]
    kept = still_open(earlier, day)
    settled = [turn for turn in earlier if turn not in kept]
    assert resolve(settled) | resolve(kept + later) == resolve(earlier + later)
    assert sorted(kept, key=lambda turn: (turn.day, turn.unit)) == kept


@given(many_turns())
def test_a_turn_that_stands_alone_changes_no_other_movement(turns: list[Turn]) -> None:
    *earlier, latest = turns
    if latest.death or stands_alone(latest, earlier):
        assert resolve(turns) == resolve(earlier) | {(latest.unit, latest.day): alone(latest)}
    else:
        assert any(move.leave and move.start for move in resolve([*earlier, latest]).values())


def test_what_nothing_can_reach_any_more_is_settled() -> None:
    turns = [
        Turn(FIRST + 120 * number + end, f"e{number + end}", bool(end), bytes([number, end]), True, True)
        for number in range(30)
        for end in (0, 1)
    ]
    assert still_open(turns, turns[-1].day + 92) == []
    assert len(still_open(turns, turns[-1].day + 1)) == 2
