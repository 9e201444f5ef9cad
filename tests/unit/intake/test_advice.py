"""Every reason for which a row can be refused has a next step for the clerk."""

import re
from importlib.resources import files

from producers.quarantine.advice import ADVICE, advice
from producers.readers.refusals import ROW_SENTENCES

FAULT = re.compile(r'RowFault\(\s*(?:field|fields\[0\]|"[a-z_]+"),\s*"([a-z-]*[a-z])"')
MADE = {"bad-insurance-number", "bad-personal-number"}
"""Reasons that are put together from the field's name."""


def reasons() -> set[str]:
    found = set(ROW_SENTENCES) | MADE
    for package in ("validate", "index", "staging"):
        for file in (files("producers") / package).iterdir():
            if file.name.endswith(".py"):
                found |= set(FAULT.findall(file.read_text("utf-8")))
    return found


def test_every_reason_of_a_refused_row_has_advice_in_both_languages() -> None:
    known = reasons()
    assert len(known) > 30
    assert known <= set(ADVICE)
    assert all(vi and en for vi, en in ADVICE.values())


def test_a_reason_of_a_newer_program_leads_to_its_own_message() -> None:
    assert "message" in advice("something-new")[1]
