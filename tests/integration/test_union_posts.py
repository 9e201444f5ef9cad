"""Positions of the union software's member list arrive in the member record, once, and never over a clerk's word."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.local import Endpoints
from producers.members import editing, exporting, viewing
from producers.members.holding import Position
from producers.quarantine import resending
from producers.quarantine.correcting import edit
from schemas.states import Receipt
from tests.fixtures import write_union_list
from tests.integration.intake_kit import NOW, Kit, counts, person, reasons
from tests.integration.person_kit import TODAY, empty_kit, id_of, member, merge, record_of

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def listed(who: int, joined: str = "01/02/2020") -> list[object]:
    said = person(who)
    card = f"3100000000{who:02d}"
    return [str(who), card, said["full_name"], "", "05/03/1985", "HP", 6, said["personal_number"], joined]


def send(kit: Kit, members: Sequence[list[object]], posts: Sequence[Mapping[str, object]]) -> tuple[Path, Receipt]:
    kit.sent += 1
    path = write_union_list(kit.folder / f"list-{kit.sent}.xlsx", members, posts)
    (receipt,) = kit.ingest(path, unit="CD1")
    return path, receipt


def held(kit: Kit, who: int) -> list[tuple[str, str, str, str]]:
    positions = record_of(kit, id_of(kit, person(who)["personal_number"])).positions.values()
    return sorted((one.union, one.position, one.since, one.until) for one in positions)


def seen(kit: Kit, who: int) -> dict[str, Any]:
    found = id_of(kit, person(who)["personal_number"])
    return viewing.as_json(viewing.view(kit.db, kit.intake.keys, found, who="clerk", why="counter"))


def test_marks_become_positions_and_history_once(kit: Kit) -> None:
    path, receipt = send(kit, [listed(1), listed(2), listed(3)], [{"I": "x", "L": "x"}, {}, {"O": "X"}])
    assert counts(receipt) == (3, 0, 0)
    assert receipt.ignored_columns == ["Mã tỉnh"]
    full = "Cán bộ chuyên trách hưởng lương ngân sách"
    assert held(kit, 1) == [("CD1", "Chủ tịch", "", ""), ("CD1", full, "", "")]
    assert (held(kit, 2), held(kit, 3)) == ([], [("CD1", "Tổ trưởng", "", "")])
    said = seen(kit, 1)
    assert said["record"]["home_place"] == "HP"
    told = [(one["by"], one["why"].partition(":")[2], list(one["changed"])) for one in said["history"]]
    assert told == [("intake", "1", ["position"])] * 2
    before = seen(kit, 1)
    (again,) = kit.ingest(path, unit="CD1")
    assert counts(again) == (0, 3, 0)
    assert seen(kit, 1) == before
    _, other = send(kit, [listed(1)], [{"I": "x", "L": "x", "N": "x"}])
    assert counts(other) == (0, 1, 0)
    assert [one[1] for one in held(kit, 1)] == ["Chủ tịch", full, "Ủy viên Ban Chấp hành"]


def test_nothing_of_a_position_is_in_clear(kit: Kit) -> None:
    kit.log.restart()
    send(kit, [listed(1)], [{"Q": "x"}])
    dump = str(kit.db.execute("select string_agg(t::text, ' ') from vault.positions t").fetchone())
    for word in ("Cán bộ công đoàn bộ phận", "CD1"):
        assert word not in dump
        assert word.encode().hex() not in dump
    assert not any("bộ phận" in record.raw.decode() for record in kit.log.read())


def test_a_mark_that_cannot_be_understood_waits_for_a_clerk(kit: Kit) -> None:
    path, receipt = send(kit, [listed(1), listed(2)], [{"L": "2023-2028"}, {"M": "x"}])
    assert counts(receipt) == (1, 0, 1)
    assert reasons(receipt) == [("1", "bad-value")]
    assert "2023" not in receipt.refused[0].message
    row = kit.db.execute("select id from intake.quarantine").fetchone()
    assert row is not None
    edit(kit.db, kit.intake.keys, row[0], {"union_position": "Chủ tịch"}, who="clerk", now=NOW)
    resending.resend(kit.intake, ids=[row[0]], who="clerk", now=NOW, today=TODAY)
    assert held(kit, 1) == [("CD1", "Chủ tịch", "", "")]
    kit.ingest(path, unit="CD1")
    assert held(kit, 1) == [("CD1", "Chủ tịch", "", "")]


def test_a_clerks_day_completes_a_position_and_an_old_list_reopens_none(kit: Kit) -> None:
    send(kit, [listed(1)], [{"L": "x"}])
    who = id_of(kit, person(1)["personal_number"])
    words: dict[str, Any] = {"who": "clerk", "why": "decision 7", "now": NOW}
    chair = Position("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")
    editing.hold_position(kit.db, kit.intake.keys, who, chair, **words)
    assert held(kit, 1) == [("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")]
    send(kit, [listed(1), listed(4)], [{"L": "x"}])
    assert held(kit, 1) == [("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")]
    page = exporting.as_html(viewing.view(kit.db, kit.intake.keys, who, who="clerk", why="asked for"), now=NOW)
    assert "2024-03-01 – 2026-01-31" in page


def test_a_register_states_positions_with_their_days(kit: Kit) -> None:
    first = member(1, union_position="Phó Chủ tịch", position_since="01/03/2024")
    kit.send([first])
    ended = first | {"change": "suspended", "effective_on": "2026-10-20", "position_until": "2026-09-30"}
    kit.send([ended])
    assert held(kit, 1) == [("CD1", "Phó Chủ tịch", "2024-03-01", "2026-09-30")]


def test_positions_go_to_whoever_stays_of_two(kit: Kit) -> None:
    send(kit, [listed(1), listed(2)], [{"L": "x"}, {"N": "x"}])
    merge(kit, id_of(kit, person(2)["personal_number"]), id_of(kit, person(1)["personal_number"]))
    assert [one[1] for one in held(kit, 1)] == ["Chủ tịch", "Ủy viên Ban Chấp hành"]
    send(kit, [listed(2), listed(3)], [{"N": "x"}])
    assert [one[1] for one in held(kit, 1)] == ["Chủ tịch", "Ủy viên Ban Chấp hành"]
