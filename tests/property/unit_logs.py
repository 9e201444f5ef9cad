"""Logs of ``unit.changes`` around the threshold of 20 workers: every record valid, everything else allowed."""

from datetime import date, timedelta

from hypothesis import strategies as st

from schemas.changes import CLOCK_KEY, AlertAction, AlertInherited, ClockAdvanced, Effect, Mark
from schemas.ids import alert_id, digest
from schemas.states import AlertStep
from schemas.swap import Swap
from tests import build
from tests.oracle.alerts import Change
from tests.property.strategies import ENTERPRISES, UNIONS

FIRST = date(2026, 1, 10)
Said = tuple[str, Effect | Mark | AlertAction | AlertInherited | ClockAdvanced]


def day(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


def effect(
    workers: int,
    when: str,
    *,
    correction: bool = False,
    more: bool = False,
    members: int = 0,
    swap: Swap | None = None,
) -> Effect:
    return Effect(
        person=build.person_id("x"),
        day=when,
        workers=workers,
        present=workers,
        members=members,
        correction=correction,
        more=more,
        swap=swap,
    )


@st.composite
def causes(draw: st.DrawFn, unit: str, now: int) -> list[Said]:
    """What one fact does to a unit: one to three effects that stand together."""
    count: int = draw(st.sampled_from([1, 1, 1, 2, 3]))
    correction = draw(st.booleans())
    offset = st.integers(-70, 40).map(lambda days: day(now + days))
    return [
        (
            unit,
            effect(draw(st.sampled_from([1, -1])), draw(offset), correction=correction, more=number + 1 < count),
        )
        for number in range(count)
    ]


@st.composite
def parts(draw: st.DrawFn, unit: str, now: int, names: list[int]) -> list[Said]:
    """One part of a correction that names another person: mostly of one that is under way, sometimes said again."""
    if not names or draw(st.booleans()):
        names.append(len(names))
    name = draw(st.sampled_from(names[-4:]))
    swap = Swap(id=digest("swap", unit, str(name)), part=draw(st.integers(1, 2 + name % 2)), parts=2 + name % 2)
    offset = st.sampled_from([-40, -1, -1, -1, 0, 2, 40]).map(lambda days: day(now + days))
    signs = draw(st.lists(st.sampled_from([1, -1, -1, 1, 0]), min_size=1, max_size=2))
    return [
        (unit, effect(sign, draw(offset), correction=True, more=number + 1 < len(signs), swap=swap))
        for number, sign in enumerate(signs)
    ]


@st.composite
def marks(draw: st.DrawFn, now: int, standing: list[Said]) -> Said:
    """A mark asserted, or one of those that stand taken back."""
    taken_back = draw(st.booleans())
    if standing and taken_back:
        unit, mark = standing.pop(draw(st.integers(0, len(standing) - 1)))
        assert isinstance(mark, Mark)
        return unit, mark.model_copy(update={"sign": -1})
    unit = draw(st.sampled_from(ENTERPRISES[:2]))
    about = draw(st.sampled_from(["cover", "cover", "cover", "dissolved", "edge", "described", "described"]))
    detail = {}
    if about == "edge":
        detail = {"direction": draw(st.sampled_from(["to", "to", "from"]))}
    if about == "described":
        detail = draw(
            st.sampled_from([{"ownership": "public_unit"}, {"ownership": "private"}, {"tax_code": "0200999999"}])
        )
    keys = {"cover": ["CD0", "CD1"], "edge": ENTERPRISES}.get(about, [""])
    mark = Mark(
        sign=1,
        about=about,
        day=day(now + draw(st.integers(-40, 20))),
        key=draw(st.sampled_from(keys)),
        branch=draw(st.sampled_from(["", "0200123450-001"])) if about == "cover" else "",
        on=about != "cover" or draw(st.booleans()),
        detail=detail,
    )
    standing.append((unit, mark))
    return unit, mark


@st.composite
def inherited(draw: st.DrawFn, now: int) -> AlertInherited:
    """A dissolved enterprise hands one of three alerts on, or takes it back."""
    predecessor = draw(st.sampled_from(["e0200999991", "e0200999992", ENTERPRISES[0]]))
    alert = alert_id("no-union", predecessor, 1)
    sender = draw(st.sampled_from([predecessor, predecessor, "e0200999993"]))  # itself, or one that had it from there
    left_on = day(now - draw(st.sampled_from([-1, 0, 0, 5, 89, 90, 91])))
    if draw(st.sampled_from([False, False, True])):
        return AlertInherited(sign=-1, alert=alert, left_on=left_on, sender=sender)
    opened_on = day(now - draw(st.integers(100, 200)))
    return AlertInherited(
        sign=1,
        alert=alert,
        left_on=left_on,
        sender=sender,
        unit=predecessor,
        opened_on=opened_on,
        confirmed_on=draw(st.sampled_from(["", day(now - 95)])),
        month_ends=draw(st.integers(0, 3)),
        history=[AlertStep(on=opened_on, state="open", workers=30)],
    )


@st.composite
def unit_logs(draw: st.DrawFn, max_items: int = 40) -> list[Said]:
    """Two enterprises near 20 workers and a union, through up to a year."""
    log: list[Said] = []
    standing: list[Said] = []
    swaps: list[int] = []
    now = 0
    for unit in ENTERPRISES[:2]:
        log += [(unit, effect(1, "2025-10-01"))] * draw(st.integers(15, 21))
    if draw(st.booleans()):
        log.append((CLOCK_KEY, ClockAdvanced(day=day(0), partition=0)))
    for _ in range(draw(st.integers(1, max_items))):
        unit = draw(st.sampled_from(ENTERPRISES[:2]))
        match draw(
            st.sampled_from(
                ["cause"] * 4 + ["part"] * 4 + ["burst", "mark", "act", "left", "tick", "tick", "tick", "member"]
            )
        ):
            case "cause":
                log += draw(causes(unit, now))
            case "part":
                log += draw(parts(unit, now, swaps))
            case "burst":
                sign = draw(st.sampled_from([1, -1]))
                log += [(unit, effect(sign, day(now), correction=draw(st.booleans())))] * draw(st.integers(2, 4))
            case "mark":
                log.append(draw(marks(now, standing)))
            case "act":
                action = draw(st.sampled_from(["acknowledge", "snooze", "reopen"]))
                until = day(now + draw(st.integers(-2, 20))) if action == "snooze" else ""
                identity = alert_id("no-union", unit, draw(st.sampled_from([1, 1, 1, 2])))
                log.append((unit, AlertAction(alert=identity, action=action, by="huong", until=until)))
            case "left":
                log.append((unit, draw(inherited(now))))
            case "member":
                log.append((UNIONS[0], effect(0, day(now), members=1)))
            case _:
                now += draw(st.sampled_from([-1, 0, 1, 1, 7, 20, 31, 31, 95]))
                log.append((CLOCK_KEY, ClockAdvanced(day=day(now), partition=0)))
    return log


def as_records(log: list[Said]) -> list[build.Rec]:
    return [build.change_record(key, data, offset) for offset, (key, data) in enumerate(log)]


def as_changes(log: list[Said]) -> list[Change]:
    """For the oracle."""
    return [(key, data.model_dump()) for key, data in log]
