"""Explain and findings: every unit of a count has its lines, and a finding is told with the line of its fact."""

import shlex
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from consumers.store import explain, trail
from consumers.store.findings import finding_counts, findings
from mobility.commands.explain import command
from schemas.envelope import event_type
from schemas.ids import digest
from schemas.states import Finding
from schemas.topics import FINDINGS
from tests.build import TIME, person_fact, person_id
from tests.integration import store_records as make
from tests.integration.steps_kit import Steps
from tests.integration.store_kit import Kit, Put, kit
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

ONE, TWO, UNION = "e0200000001", "e0200000002", "uCD1"
TODAY = date(2026, 11, 3)


def finding(who: str, name: str, what: str, unit: str, day: str, *, open_: bool = True) -> Put:
    data = Finding(
        person=person_id(who),
        fact=digest("fact", name),
        what=what,
        unit=unit,
        day=day,
        open=open_,
        cause=digest("fact", name),
    )
    return make.said(FINDINGS, person_id(who), event_type("finding", "changed"), data)


def who(name: str) -> UUID:
    return UUID(person_id(name))


def story() -> list[Put]:
    """An works at ONE as a member; Bình left ONE for TWO; Chi was never reported and leaves; Dũng joins tomorrow."""
    steps = Steps()
    records = [
        steps.tick("2026-11-03"),
        steps.register("reg 1", "enterprise_stated", ONE, "2026-01-01", name="Một", tax_code=ONE[1:]),
        steps.register("cd 1", "union_stated", UNION, "2026-01-01", name="CĐ", union_code="CD1", places=(ONE,)),
        steps.person("an", "a1", "joined", ONE, "2026-02-01", dossier="D-1", line="1", source="bhxh"),
        steps.person("an", "a2", "admitted", UNION, "2026-03-01", dossier="M-1", line="7", source="member-register"),
        steps.person("an", "a3", "absent", ONE, "2026-04-01", dossier="D-2", line="3"),
        steps.person("binh", "b1", "joined", ONE, "2026-02-01", dossier="D-1", line="2"),
        steps.person("binh", "b2", "transferred_out", ONE, "2026-05-01", dossier="D-3", line="1"),
        steps.person("binh", "b3", "transferred_in", TWO, "2026-05-10", dossier="D-4", line="1"),
        steps.person("chi", "c1", "departed", ONE, "2026-05-01", dossier="D-3", line="2"),
        steps.person("dung", "d1", "joined", ONE, "2026-12-01", dossier="D-5", line="1"),
        steps.person("em", "e1", "joined", ONE, "2026-02-01", dossier="D-1", line="3"),
        steps.fact(person_id("em"), person_fact("e1", "joined", ONE, "2026-06-01", version=2, dossier="D-6", line="3")),
        steps.person("giang", "g1", "joined", ONE, "2026-02-01", dossier="D-1", line="4"),
        steps.fact(
            person_id("giang"),
            person_fact("g1", "cancelled", ONE, "2026-02-01", version=2, dossier="D-6", line="4"),
        ),
    ]  # fmt: skip
    told = [put for some in records for put in some if put.topic != FINDINGS]
    return [*told, finding("chi", "c1", "leave-without-start", ONE, "2026-05-01")]


@pytest.fixture
def told(kit: Kit) -> Kit:
    kit.start(max_records=7)
    kit.take(story())
    return kit


def lines(one: dict[str, Any]) -> list[str]:
    return [f"{fact['change']} {fact['dossier']}:{fact['line']}" for fact in one["facts"]]


def test_each_one_of_a_count_stands_there_with_the_lines_that_say_so(told: Kit) -> None:
    with told.connect() as line:
        unit = explain.unit_of(line, ONE[1:])
        assert unit == ONE
        page = explain.counted(line, explain.Asked(ONE, TODAY))
    found = {one["person"]: one for one in page.persons}
    assert found.keys() == {person_id("an"), person_id("em")}
    assert page.sums == {"persons": 2, "workers": 2, "present": 1, "members": 1}
    an, em = found[person_id("an")], found[person_id("em")]
    assert (an["worker"], an["present"], an["member"]) == (True, False, True)
    assert lines(an) == ["joined D-1:1", "admitted M-1:7", "absent D-2:3"]
    assert lines(em) == ["joined D-6:3"], "the version that speaks now, not the one that it replaced"


def test_the_tables_tell_lines_as_a_correction_cites_them(told: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOBILITY_POSTGRES", told.dsn)
    monkeypatch.setenv("MOBILITY_KAFKA", told.kafka)
    for words, cited in (([ONE[1:]], "D-6:3@2"), (["--person", person_id("em")], "D-6:3@2")):
        answer = CliRunner().invoke(command, words, catch_exceptions=False)
        assert answer.exit_code == 0
        assert cited in answer.output.split()


def test_the_next_page_is_the_same_question(told: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is learned between the pages: day and instant are those of the first."""
    monkeypatch.setenv("MOBILITY_POSTGRES", told.dsn)
    monkeypatch.setenv("MOBILITY_KAFKA", told.kafka)
    words, seen = [f"{ONE[1:]}-001", "--valid-at", "2026-04-30", "--limit", "1"], []
    for _ in range(2):
        answer = CliRunner().invoke(command, words, catch_exceptions=False)
        assert answer.exit_code == 0
        (shown,) = {row.split()[0] for row in answer.output.splitlines() if " joined " in row}
        seen.append(shown)
        assert f"1 of 2 persons. Next: mobility explain {ONE[1:]} --valid-at 2026-04-30 --known-at " in answer.output
        again = shlex.split(answer.output.split("Next: mobility explain ")[1].splitlines()[0])
        assert again[3] == "--known-at"
        assert again[5:] == ["--limit", "1", "--after", shown]
        assert again[4] == (words[4] if words[3] == "--known-at" else again[4]), "the instant of the first page"
        words = again
        for number in range(9):
            late = person_fact(f"new {number}", "joined", ONE, "2026-02-01", dossier="D-7", line=str(number))
            told.take(timed(Steps().fact(person_id(f"new {number}"), late), "2999-01-01T00:00:00Z"))
    assert {*seen} == {person_id("an"), person_id("binh")}


def test_a_first_page_without_a_day_pins_the_clocks(told: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOBILITY_POSTGRES", told.dsn)
    monkeypatch.setenv("MOBILITY_KAFKA", told.kafka)
    answer = CliRunner().invoke(command, [ONE[1:], "--limit", "1", "--known-at", "2026-11-20T00:00:00+07:00"])
    assert f"{ONE[1:]} --valid-at {TODAY} --known-at 2026-11-20T00:00:00+07:00 --limit 1 --after " in answer.output


def test_any_other_day_is_explained_as_well(told: Kit) -> None:
    with told.connect() as line:
        early = explain.counted(line, explain.Asked(ONE, date(2026, 4, 30)))
        later = explain.counted(line, explain.Asked(ONE, date(2026, 12, 1)))
        before = explain.counted(line, explain.Asked(ONE, TODAY, datetime(2026, 1, 1, tzinfo=UTC)))
    assert {one["person"] for one in early.persons} == {person_id("an"), person_id("binh")}
    assert person_id("dung") in {one["person"] for one in later.persons}
    assert (before.persons, before.sums["persons"]) == ([], 0), "nothing was known then"


def test_pages_make_the_whole_and_everyone_is_told_once(told: Kit) -> None:
    with told.connect() as line:
        asked = explain.Asked(ONE, date(2026, 4, 30))
        first = explain.counted(line, asked, limit=1)
        second = explain.counted(line, asked, limit=1, after=first.last)
        whole = explain.counted(line, asked)
        assert [*first.persons, *second.persons] == whole.persons == list(explain.everyone(line, asked, at_a_time=1))
        assert first.sums == second.sums == whole.sums
        assert explain.counted(line, asked, limit=1, after=second.last).persons == []


def test_a_persons_trail_has_every_line(told: Kit) -> None:
    with told.connect() as line:
        an, binh, chi = (trail.trail(line, who(name)) for name in ("an", "binh", "chi"))
    (spell,) = an["spells"]
    assert (spell["unit"], spell["from"], spell["to"]) == (ONE, "2026-02-01", None)
    assert [one["line"] for one in spell["began"]] == ["1"]
    (membership,) = an["memberships"]
    assert (membership["unit"], membership["began"][0]["dossier"]) == (UNION, "M-1")
    assert [(one["from"], one["to"]) for one in binh["spells"]] == [("2026-02-01", "2026-05-01"), ("2026-05-10", None)]
    assert [one["what"] for one in binh["movements"]] == ["joined", "transferred"]
    assert [f"{one['dossier']}:{one['line']}" for one in binh["movements"][1]["lines"]] == ["D-3:1", "D-4:1"]
    assert (chi["spells"], [one["what"] for one in chi["findings"]]) == ([], ["leave-without-start"])
    with told.connect() as line:
        assert trail.trail(line, UUID(int=7))["facts"] == []
        assert trail.trail(line, who("binh"), valid_at=date(2026, 4, 1))["spells"][0]["to"] is None


def test_registers_are_told_with_file_and_line(told: Kit) -> None:
    with told.connect() as line:
        said = explain.register_facts(line, explain.Asked(ONE, TODAY))
    assert [(one["change"], one["line"]) for one in said] == [("enterprise_stated", "reg 1"), ("union_stated", "cd 1")]


def test_findings_by_dossier_enterprise_person_and_kind(told: Kit) -> None:
    with told.connect() as line:
        whole, total = findings(line)
        assert total == 1
        (one,) = whole
        assert (one["what"], one["dossier"], one["line"], one["tax_code"]) == (
            "leave-without-start",
            "D-3",
            "2",
            ONE[1:],
        )
        for asked in ({"dossier": "D-3"}, {"unit": ONE}, {"person": who("chi")}, {"what": "leave-without-start"}):
            assert findings(line, **asked)[0] == whole, asked
        for asked in ({"dossier": "D-1"}, {"unit": TWO}, {"person": who("an")}, {"what": "already-open"}):
            assert findings(line, **asked) == ([], 0), asked
        assert finding_counts(line) == {"leave-without-start": 1}


def test_a_finding_goes_and_comes_back_whatever_the_batches(told: Kit) -> None:
    words = ("chi", "c1", "leave-without-start", ONE, "2026-05-01")
    told.take([finding(*words, open_=False)])
    with told.connect() as line:
        assert findings(line) == ([], 0)
        assert findings(line, closed=True)[1] == 1
    told.take([finding(*words), finding(*words, open_=False), finding(*words)])
    with told.connect() as line:
        assert [one["open"] for one in findings(line)[0]] == [True]


def test_merged_identities_keep_the_line_of_the_original(kit: Kit) -> None:
    kit.start()
    fact = person_fact("x1", "joined", ONE, "2026-02-01", dossier="D-9", line="12")
    again = person_fact("x1", "joined", ONE, "2026-02-01", dossier="", line="", source="merged")
    merged = person_fact("x2", "identity_merged", "", "2026-02-02", winner=person_id("new"), dossier="merge", line="1")
    of = "mobility.events"
    kit.take(
        [
            make.said(of, person_id("old"), event_type("person", "joined"), fact),
            make.said(of, person_id("old"), event_type("person", "identity_merged"), merged),
            make.said(of, person_id("new"), event_type("person", "joined"), again),
            finding("new", "x1", "already-open", ONE, "2026-02-01"),
        ]
    )
    with kit.connect() as line:
        (one,), _ = findings(line)
        assert (one["dossier"], one["line"]) == ("D-9", "12")
        assert trail.trail(line, who("old"))["merged_into"] == person_id("new")
        (told,) = trail.trail(line, who("new"))["facts"]
        assert (told["source"], told["dossier"], told["line"]) == ("merged", "D-9", "12")


def test_findings_as_they_stood_at_an_instant(kit: Kit) -> None:
    """Found on the 4th, settled on the 6th, found again on the 8th with another day: each instant has its own."""
    kit.start()
    days = {"4": "2026-11-04T08:00:00Z", "6": "2026-11-06T08:00:00Z", "8": "2026-11-08T08:00:00Z"}
    leave = person_fact("c1", "departed", ONE, "2026-05-01", dossier="D-3", line="2")
    start = person_fact("c0", "joined", ONE, "2026-04-01", dossier="D-8", line="1")
    gone = person_fact("c0", "cancelled", ONE, "2026-04-01", dossier="D-9", line="1", version=2)
    steps = Steps()
    for time, fact in zip(days.values(), (leave, start, gone), strict=True):
        kit.take(timed(steps.fact(person_id("chi"), fact), time))
    with kit.connect() as line:
        at = {name: datetime.fromisoformat(time) for name, time in days.items()}
        before = {name: moment - timedelta(seconds=1) for name, moment in at.items()}
        for known, open_ in ((before["4"], 0), (at["4"], 1), (at["6"], 0), (before["8"], 0), (at["8"], 1), (None, 1)):
            found, total = findings(line, person=who("chi"), known_at=known)
            assert (len(found), total) == (open_, open_), known
            assert sum(finding_counts(line, known).values()) == open_, known
            assert trail.trail(line, who("chi"), known_at=known)["findings"] == found, known
            assert findings(line, unit=ONE, known_at=known)[0] == found, known
            assert findings(line, dossier="D-3", known_at=known)[0] == found, known
        assert findings(line, closed=True, known_at=before["4"]) == ([], 0)
        assert [one["open"] for one in findings(line, closed=True, known_at=at["6"])[0]] == [False]
        assert findings(line, valid_at=date(2026, 4, 30)) == ([], 0)
        assert findings(line, valid_at=date(2026, 5, 1))[1] == 1


def test_a_finding_whose_unit_was_corrected_stands_where_it_stood(kit: Kit) -> None:
    kit.start()
    first, second = "2026-11-04T08:00:00Z", "2026-11-06T08:00:00Z"
    steps = Steps()
    leave = person_fact("c1", "departed", ONE, "2026-05-01", line="2")
    moved = person_fact("c1", "departed", TWO, "2026-05-01", line="2", version=2)
    kit.take(timed(steps.fact(person_id("chi"), leave), first))
    kit.take(timed(steps.fact(person_id("chi"), moved), second))
    with kit.connect() as line:
        then = datetime.fromisoformat(first)
        ((one,), _), (none, _) = findings(line, unit=ONE, known_at=then), findings(line, unit=TWO, known_at=then)
        assert (one["unit"], one["version"], none) == (ONE, 1, [])
        assert (findings(line, unit=ONE)[0], [row["version"] for row in findings(line, unit=TWO)[0]]) == ([], [2])


def timed(records: list[Put], time: str) -> list[Put]:
    """The same records, recorded at another time."""
    return [one._replace(value=(one.value or b"").replace(TIME.encode(), time.encode())) for one in records]
