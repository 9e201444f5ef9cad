"""Every word exists in both languages, and every word that a template asks for exists."""

import re
from importlib.resources import files
from string import Formatter

import pytest

from consumers.watch import figures
from consumers.watch.labels import label, labels, word
from consumers.watch.reading import SHOWS, STATES
from consumers.watch.routes import receipts


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


def test_every_filter_state_and_reason_has_a_word() -> None:
    for show in (*STATES, *SHOWS, *receipts.SHOWS):
        assert f"filter.{show}" in labels()
    for state in ("open", "acknowledged", "snoozed", "resolved", "confirmed"):
        assert f"state.{state}" in labels()
    for reason in ("covered", "dissolved", "shrunk", "corrected", "returned", "snooze-over"):
        assert f"reason.{reason}" in labels()


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
