"""From a corrected file to the alert: who a line names is nothing to the alert of an enterprise (rules 9 and 13)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.local import Endpoints
from schemas.changes import AlertAction
from schemas.ids import alert_id
from tests.integration.intake_kit import FIRM, Kit, Record, counts, declared, listed
from tests.property.simulator import Simulator

pytestmark = pytest.mark.services

UNIT = "e" + FIRM
OPENED, TODAY, TOMORROW = "2026-11-05", "2026-11-06", "2026-11-07"
Row = dict[str, str]


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def feed(city: Simulator, records: Sequence[Record]) -> None:
    for record in records:
        city.poison(record.topic, record.key.encode(), record.raw)  # as it stands, whatever it is


def lives(before: Sequence[Record], corrected: Sequence[Record]) -> list[tuple[int, dict[str, Any]]]:
    """Workers and alert in the end, however the partitions are worked off; an officer has acknowledged the alert."""
    found = []
    for seed in range(8):
        city = Simulator(seed, partitions=4, largest_chunk=1 + seed)
        city.tick(OPENED)
        feed(city, before)
        city.drain()
        city.act(UNIT, AlertAction(alert=alert_id("no-union", UNIT, 1), action="acknowledge", by="huong"))
        feed(city, corrected)
        city.tick(TODAY)
        city.drain()
        city.tick(TOMORROW)
        city.drain()
        found.append((city.statuses()[UNIT]["workers"], city.alerts().get(alert_id("no-union", UNIT, 1), {})))
    return found


def dossier(workers: int) -> list[Row]:
    return [declared(number, number, "TM") for number in range(1, workers + 1)]


def steps(alert: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["on"], one["state"]) for one in alert.get("history", [])]


@pytest.mark.parametrize("workers", [19, 20])
@pytest.mark.parametrize("how", ["cited", "replaced"])
def test_numbers_that_were_mistyped(kit: Kit, workers: int, how: str) -> None:
    _, before = kit.news(dossier(workers))
    rows = [declared(line, 100 + line, "TM") for line in range(1, 13)]
    if how == "cited":
        cited = [row | {"dossier_no": "HS-2", "action": "replace", "cites": f"HS-1:{row['line']}@1"} for row in rows]
        receipt, corrected = kit.news(cited)
    else:
        receipt, corrected = kit.news([*rows, *dossier(workers)[12:]], replaces="HS-1")
    assert (counts(receipt)[0], len(corrected)) == (12, 24)
    assert all(record.data["swap"]["parts"] == 2 for record in corrected)
    assert len({record.data["swap"]["id"] for record in corrected}) == 12
    for count, alert in lives(before, corrected):
        assert count == workers
        assert steps(alert) == ([(OPENED, "open"), (OPENED, "acknowledged")] if workers == 20 else [])


def test_one_who_is_named_twice_is_a_correction(kit: Kit) -> None:
    """The line names somebody who stands there already: one worker less, said by a part that changes nothing."""
    _, before = kit.news(dossier(20))
    _, corrected = kit.news([declared(1, 2, "TM", dossier_no="HS-2", action="replace", cites="HS-1:1@1")])
    for count, alert in lives(before, corrected):
        assert (count, alert["reason"], len(alert["history"])) == (19, "corrected", 3)


def test_lines_that_do_not_cite_each_other_are_two_causes(kit: Kit) -> None:
    _, before = kit.news(dossier(20))
    rows = [
        declared(1, 1, "TM", dossier_no="HS-2", action="cancel", cites="HS-1:1@1"),
        declared(2, 21, "TM", dossier_no="HS-2"),
    ]
    _, corrected = kit.news(rows)
    assert [record.data.get("swap") for record in corrected] == [None, None]
    assert {count for count, _ in lives(before, corrected)} == {20}


def test_a_row_of_a_roster_that_names_another(kit: Kit) -> None:
    """A start and `listed` of each of the two: four parts."""
    _, before = kit.news([listed(number, complete="no") | {"line": str(number)} for number in range(1, 21)])
    (named,) = {record.data["line"] for record in before if record.data["fact"] == before[0].data["fact"]}
    cites = f"{before[0].data['dossier']}:{named}@1"
    row = listed(99, complete="no") | {"line": "1", "action": "replace", "cites": cites}
    receipt, corrected = kit.news([row])
    assert counts(receipt) == (1, 0, 0)
    persons = [record for record in corrected if record.topic == "mobility.events"]
    assert sorted(record.data["swap"]["part"] for record in persons) == [1, 2, 3, 4]
    for count, alert in lives(before, corrected):
        assert (count, steps(alert)) == (20, [(OPENED, "open"), (OPENED, "acknowledged")])
