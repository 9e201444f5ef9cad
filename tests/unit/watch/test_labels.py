"""Every word exists in both languages, and every word that a template asks for exists."""

import ast
import re
from importlib.resources import files
from string import Formatter
from typing import get_args

import pytest
from pydantic import BaseModel

from consumers.store import finding_words, findings
from consumers.watch import figures
from consumers.watch.dead_marks import State as DeadState
from consumers.watch.labels import label, labels, word
from consumers.watch.reading import SHOWS, STATES
from consumers.watch.routes import dead, posts, receipts
from producers.http.queue import Reason
from producers.http.scope import FEEDS
from producers.http.seeing import State as PostState
from producers.quarantine.reading import State
from schemas.changes import Mark
from schemas.persons import Change
from schemas.registry import RegistryChange, RegistryFact
from schemas.states import Alert, AlertStep, Movement, UnitStatus
from streams.registry import marks


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(labels()))
def test_both_languages_say_something_with_the_same_facts(key: str) -> None:
    vietnamese, english = labels()[key]
    assert vietnamese.strip()
    assert english.strip()
    assert braces(vietnamese) == braces(english)


def test_every_label_of_a_template_is_in_the_file() -> None:
    asked = set()
    for one in (files("consumers.watch") / "templates").iterdir():
        asked |= set(re.findall(r"""\bt\(["']([\w.\-]+)["'][,)]""", one.read_text("utf-8")))
    assert len(asked) > 60
    assert asked <= set(labels())


def test_every_filter_has_a_word() -> None:
    for show in (*STATES, *SHOWS, *receipts.SHOWS):
        assert f"filter.{show}" in labels()
    assert {f"post_show.{show}" for show in posts.SHOWS} | {f"post.none_{show}" for show in posts.SHOWS} <= set(
        labels()
    )
    assert {f"dead_show.{show}" for show in dead.SHOWS} <= set(labels())


def stated(model: type[BaseModel], field: str) -> set[str]:
    """What a field of a published record may be, by its schema."""
    return {one for one in get_args(model.model_fields[field].annotation) if one}


def spoken(package: str, function: str, place: int) -> set[str]:
    """The words that the program hands to a function as its argument at a place: strings written in its source."""
    found = set()
    for source in (files(package)).iterdir():
        if not source.name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function:
                said = node.args[place]
                found |= {one.value for one in ast.walk(said) if isinstance(one, ast.Constant) and one.value}
    return found


CODES = {
    "state": stated(AlertStep, "state") | stated(Alert, "state"),
    "reason": spoken("streams.rules", "_resolve", 2)
    | spoken("streams.rules", "_turn", 3)
    | spoken("streams.rules", "_stay", 2),
    "baseline": stated(UnitStatus, "baseline"),
    "movement": stated(Movement, "what"),
    "change": {*Change, *RegistryChange},
    "about": stated(Mark, "about"),
    "detail": {*marks._DESCRIBED, "complete", "to", "from"},
    "value": stated(RegistryFact, "ownership") | stated(RegistryFact, "eligible_agreement") | {"yes", "no"},
    "feed": {*FEEDS},
    "held": {*get_args(Reason)},
    "post_state": {*get_args(PostState)},
    "key_state": {"open", "expired", "revoked"},
    "dead_state": {"open", *get_args(DeadState)},
    "fate": {*get_args(State)} | spoken("producers.quarantine", "_note", 3),
}
"""Group of labels -> every code that the page may be given for it."""


@pytest.mark.parametrize("group", CODES)
def test_every_code_that_can_appear_has_a_word(group: str) -> None:
    assert CODES[group]
    assert {code for code in CODES[group] if f"{group}.{code}" not in labels()} == set()


def test_the_codes_are_found_where_the_program_says_them() -> None:
    reasons = {"covered", "dissolved", "shrunk", "corrected", "returned", "snooze-over", "inherited", "successors"}
    assert reasons | {"inheritance-withdrawn"} == CODES["reason"]
    assert {"edited", "resent", "refused-again"} <= CODES["fate"]


def test_every_finding_has_words() -> None:
    """All that look like a finding's code in the step people; ``already-open`` and the like are put in a variable."""
    spoken_in = "".join(one.read_text("utf-8") for one in files("streams.people").iterdir() if one.name.endswith(".py"))
    found = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', spoken_in))
    assert found == set(findings.CODES)
    assert all(finding_words.words_of(what).title[0] != what for what in found)


def test_a_value_that_a_newer_program_wrote_is_shown_as_it_is() -> None:
    assert word("vi", "reason", "something-new") == "something-new"
    assert label("vi", "page.range", first=1, last=2, total=3) == "1–2 trong 3"


def test_percentages_never_claim_all_or_nothing_by_rounding() -> None:
    assert figures.percent("vi", 1, 3) == "33,3\u00a0%"
    assert figures.percent("en", 9_999, 10_000) == "99.9\u00a0%"
    assert figures.percent("en", 1, 100_000) == "0.1\u00a0%"
    assert figures.percent("en", 3, 3) == "100\u00a0%"
    assert figures.percent("en", 0, 0) == ""


def test_numbers_have_the_thousands_of_their_language() -> None:
    assert figures.number("vi", 1234567) == "1.234.567"
    assert figures.number("en", -1234) == "\u22121,234"
    assert figures.signed("vi", 0) == ""
