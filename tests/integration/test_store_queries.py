"""The read side answers in the shapes of the command line's ``--json``."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consumers.store import queries
from consumers.store.snapshot import snapshot
from schemas.ids import alert_id
from tests.integration import store_records as make
from tests.integration.store_kit import Kit, Put, kit
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

ONE, TWO, GONE, UNION = "e0200000001", "e0200000002", "e0200000003", "u31/07"
LATER = "2026-11-04T00:00:00Z"


def story() -> list[Put]:
    """Two persons; An works at both enterprises and at one that is dissolved. What is known later is dated back."""
    return [
        *make.ticks("2026-11-03"),
        make.mark(ONE, "described", "2026-01-01", detail={"tax_code": ONE[1:], "name": "Một"}),
        make.mark(ONE, "cover", "2026-02-01", key="31/07"),
        make.mark(TWO, "baseline", "2026-01-01", detail={"complete": "yes"}),
        make.mark(GONE, "dissolved", "2026-06-01"),
        make.effect(ONE, "an", "2026-01-01", (1, 1, 1)),
        make.effect(TWO, "an", "2026-03-01"),
        make.effect(GONE, "an", "2026-01-01"),
        make.effect(GONE, "chi", "2026-01-01"),
        make.effect(UNION, "an", "2026-02-01", (0, 0, 1)),
        make.effect(TWO, "binh", "2026-03-01", at=LATER),
        make.effect(TWO, "binh", "2026-12-01", (-1, -1, 0), at=LATER),
        make.status(ONE, 3, name="Một", workers=1, present=1, members=1, unions=["31/07"]),
        make.status(TWO, 4, workers=2, present=2, baseline="complete"),
        make.status(GONE, 3, dissolved_on="2026-06-01", unclosed=2),
        make.status(UNION, 1, name="Công đoàn", members=1),
        *make.passed("2026-11-03"),
    ]


def test_status_now(kit: Kit) -> None:
    kit.start()
    kit.take(story())
    with kit.connect() as line:
        found = queries.status(line)
        assert found["day"] == "2026-11-03"
        assert found["totals"] == {"enterprises": 2, "workers": 3, "persons": 2, "members": 1}
        assert found["totals"] == queries.totals(line)
        nothing: dict[str, Any] = {
            "name": "",
            "workers": 0,
            "present": 0,
            "members": 0,
            "unions": [],
            "baseline": "none",
        }
        nothing |= {"partial_cover": False, "area_code": ""}
        one = {"tax_code": ONE[1:], "name": "Một", "workers": 1, "present": 1, "members": 1, "version": 3}
        two = {"tax_code": TWO[1:], "workers": 2, "present": 2, "baseline": "complete", "version": 4}
        gone = {"tax_code": GONE[1:], "version": 3, "dissolved_on": "2026-06-01", "unclosed": 2}
        assert found["enterprises"] == [nothing | two, nothing | one | {"unions": ["31/07"]}, nothing | gone]
        assert queries.status(line, [ONE[1:]])["enterprises"] == [nothing | one | {"unions": ["31/07"]}]
        unions = queries.status(line, unions=True)["unions"]
        assert unions == [{"union_code": "31/07", "name": "Công đoàn", "members": 1, "version": 1}]
        assert queries.cover(line) == {"enterprises": 0, "with_union": 0}


def test_status_of_another_day_and_as_known_before(kit: Kit) -> None:
    kit.start()
    kit.take(story())
    with kit.connect() as line:

        def workers(**when: Any) -> dict[str, int]:
            return {one["tax_code"]: one["workers"] for one in queries.status(line, **when)["enterprises"]}

        assert workers(valid_at=date(2026, 11, 3)) == {ONE[1:]: 1, TWO[1:]: 2, GONE[1:]: 0}
        assert workers(valid_at=date(2026, 12, 1)) == {ONE[1:]: 1, TWO[1:]: 1, GONE[1:]: 0}
        assert workers(valid_at=date(2026, 2, 1)) == {ONE[1:]: 1, TWO[1:]: 0, GONE[1:]: 2}
        known_at = datetime(2026, 11, 3, 12, tzinfo=UTC)
        assert workers(known_at=known_at) == {ONE[1:]: 1, TWO[1:]: 1, GONE[1:]: 0}
        assert workers(known_at=known_at - timedelta(days=9)) == {}
        then = queries.status(line, valid_at=date(2026, 11, 3))
        assert then["totals"] == queries.totals(line)
        assert then["day"] == "2026-11-03"


def test_alerts_open_ones_first_with_the_live_count_and_null_where_empty(kit: Kit) -> None:
    kit.start()
    kit.take(
        [
            make.alert(ONE, 2, "resolved", resolved_on="2026-10-09", reason="covered", workers=99),
            make.alert(TWO, 1, workers=20),
            make.status(TWO, 1, workers=31, name="Hai"),
            make.alert(GONE, 3, "snoozed", snoozed_until="2026-12-01", workers=25, by="lan"),
        ]
    )
    with kit.connect() as line:
        found = queries.alerts(line)["alerts"]
    assert [one["tax_code"] for one in found] == [TWO[1:], GONE[1:], ONE[1:]]
    assert found[0] == {
        "id": alert_id("no-union", TWO, 1),
        "rule": "no-union",
        "unit": TWO,
        "tax_code": TWO[1:],
        "name": "Hai",
        "state": "open",
        "workers": 31,
        "opened_on": "2026-10-01",
        "confirmed_on": None,
        "resolved_on": None,
        "reason": None,
        "snoozed_until": None,
        "successors": [],
        "inherited": [],
        "history": [{"on": "2026-10-01", "state": "open", "reason": "", "workers": 20, "by": ""}],
    }
    assert [one["workers"] for one in found] == [31, 25, 99]
    assert (found[2]["reason"], found[2]["resolved_on"]) == ("covered", "2026-10-09")


def test_an_alert_of_a_dissolved_enterprise_counts_nobody_as_in_status(kit: Kit) -> None:
    kit.start()
    kit.take(
        [
            make.alert(GONE, 3, "resolved", resolved_on="2026-06-01", reason="dissolved", workers=24),
            make.status(GONE, 3, workers=0, dissolved_on="2026-06-01", unclosed=24),
        ]
    )
    with kit.connect() as line:
        (alert,) = queries.alerts(line)["alerts"]
    assert (alert["workers"], alert["unclosed"], alert["dissolved_on"]) == (0, 24, "2026-06-01")


def test_history_of_a_unit_runs_day_by_day(kit: Kit) -> None:
    kit.start()
    kit.take([*story(), make.effect(ONE, "x", "2026-02-01"), make.effect(ONE, "x", "2026-02-01", (-1, -1, 0))])
    kit.take([make.effect(ONE, "y", "2026-04-01"), make.effect(ONE, "an", "2026-05-01", (-1, -1, -1))])
    kit.take([make.mark(ONE, "cover", "2026-02-01", key="31/07", sign=-1), make.alert(ONE, 1)])
    with kit.connect() as line:
        found = queries.unit_history(line, ONE)
    days = [(one["day"], one["workers"], one["members"], one["change_workers"]) for one in found["days"]]
    assert days == [("2026-01-01", 1, 1, 1), ("2026-04-01", 2, 1, 1), ("2026-05-01", 1, 0, -1)]
    assert [(one["about"], one["day"], one["detail"]["name"]) for one in found["marks"]] == [
        ("described", "2026-01-01", "Một")
    ]
    (alert,) = found["alerts"]
    assert alert["history"] == [{"on": "2026-10-01", "state": "open", "reason": "", "workers": 20, "by": ""}]


def test_receipts_newest_first_with_their_refusals_in_order(kit: Kit) -> None:
    kit.start()
    kit.take([make.receipt(f"HS-{n}", (n, 0), 12 if n == 2 else 0, at=f"2026-11-0{n}T00:00:00Z") for n in (1, 3, 2)])
    with kit.connect() as line:
        found = queries.receipts(line, limit=2)
        assert [(one["dossier"], one["accepted"], one["refused_total"]) for one in found] == [
            ("HS-3", 3, 0),
            ("HS-2", 2, 12),
        ]
        assert [row["line"] for row in found[1]["refused"]] == [str(n) for n in range(12)]
        assert [one["dossier"] for one in queries.receipts(line, before=found[1]["recorded_at"])] == ["HS-1"]


def test_the_snapshot_has_live_state_beside_the_sums(kit: Kit) -> None:
    kit.start()
    kit.take([*story(), make.alert(TWO, 1)])
    with kit.connect() as line:
        found = snapshot(line)
    assert (found.units[GONE]["workers"], found.units[GONE]["summed_workers"]) == (0, 2)
    assert (found.units[TWO]["workers"], found.units[TWO]["summed_workers"]) == (2, 2)
    assert found.alerts[alert_id("no-union", TWO, 1)]["state"] == "open"
