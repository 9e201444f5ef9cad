"""Mergers and splits in the store: moves along an edge are no turnover, alerts show what they inherited."""

from datetime import date
from typing import Any

import pytest

from consumers.store import queries
from schemas.changes import AlertInherited
from schemas.envelope import event_type
from schemas.ids import alert_id
from tests.integration import store_records as make
from tests.integration.store_kit import Kit, kit
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

OLD, NEW, OTHER = "e0200000001", "e0200000002", "e0200000003"


def edge(day: str = "2026-04-10", *, sign: int = 1, **more: Any) -> Any:
    return make.mark(OLD, "edge", day, key=NEW, detail={"direction": "to"}, sign=sign, **more)


def moved(name: str, to: str = NEW, day: str = "2026-04-01", *, source: str = OLD) -> Any:
    return make.movement(name, 1, "transferred", from_unit=source, to_unit=to, left_on=day, started_on=day)


def marked(kit: Kit) -> list[bool]:
    return [flag for _, flag in kit.rows("select started_on, along_edge from store.moves order by started_on, to_unit")]


def test_a_move_to_a_successor_near_the_edges_day_is_no_turnover(kit: Kit) -> None:
    kit.start()
    kit.take(
        [
            edge(),
            moved("a", day="2026-02-07"),  # 62 days before
            moved("b", day="2026-02-06"),
            moved("c", OTHER, day="2026-04-10"),
            moved("d", OLD, day="2026-04-11", source=NEW),
            moved("e", day="2026-06-11"),  # 62 days after
            moved("f", day="2026-06-12"),
            make.movement("g", 1, "joined", to_unit=NEW, started_on="2026-06-13"),
        ]
    )
    assert marked(kit) == [False, True, False, False, True, False, False]
    with kit.connect() as line:
        found = {row["unit"]: row for row in queries.turnover(line, date(2026, 1, 1), date(2026, 12, 31))}
        assert [found[NEW][name] for name in ("joined", "departed", "came_along", "went_along")] == [3, 1, 2, 0]
        assert [found[OLD][name] for name in ("joined", "departed", "came_along", "went_along")] == [1, 3, 0, 2]
        assert {row["unit"] for row in queries.turnover(line, date(2026, 6, 13), date(2026, 6, 13))} == {NEW}


def test_an_edge_that_is_withdrawn_makes_turnover_of_its_moves(kit: Kit) -> None:
    kit.start()
    kit.take([edge(), moved("a")])
    assert marked(kit) == [True]
    kit.take([edge(sign=-1)])
    assert marked(kit) == [False]
    assert kit.rows("select * from store.edges") == []


def test_alerts_show_predecessors_and_successors(kit: Kit) -> None:
    step = {"on": "2026-01-31", "state": "open", "reason": "", "workers": 25, "by": ""}
    old = alert_id("no-union", OLD, 1)
    item = {"alert": old, "unit": OLD, "opened_on": "2026-01-31", "confirmed_on": "", "history": [step]}
    handed = AlertInherited(
        sign=1, alert=old, left_on="2026-04-10", sender=OLD, unit=OLD, opened_on="2026-01-31", history=[step]
    )
    kit.start()
    kit.take(
        [
            make.alert(OLD, 2, "resolved", reason="dissolved", resolved_on="2026-04-10", successors=[NEW]),
            make.alert(NEW, 2, opened_on="2026-01-31", inherited=[item]),
            make.said(make.CHANGES, NEW, event_type("alert", "inherited"), handed),
        ]
    )
    with kit.connect() as line:
        new, left = queries.alerts(line)["alerts"]
    assert (new["inherited"], new["successors"]) == ([item], [])
    assert (left["inherited"], left["successors"]) == ([], [NEW])
    assert kit.rows("select unit, sign, sender from store.inheritances") == [(NEW, 1, OLD)]
    assert kit.rows("select * from store.rejected") == []
