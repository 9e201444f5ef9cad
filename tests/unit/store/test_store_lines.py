"""Whatever a text holds, its line of COPY says that text and nothing else; plain records take the short way."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.store import declared, lines
from consumers.store.chunks import Chunk, Raw
from consumers.store.stage import Staged, stage
from schemas.topics import CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN
from tests.build import TIME, person_fact, person_id, person_record
from tests.integration import store_records as make

AN = person_id("an")
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ["\\N", "\t", "\n", "a\\tb", '"', "\\."]
)
_UNESCAPED = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}


def fields(line: str) -> list[str | None]:
    """What PostgreSQL reads of a line."""
    assert line.endswith("\n")
    assert line.count("\n") == 1
    return [None if one == "\\N" else _unescaped(one) for one in line[:-1].split("\t")]


def _unescaped(text: str) -> str:
    found, place = "", 0
    while place < len(text):
        size = 2 if text[place] == "\\" else 1
        found += _UNESCAPED.get(text[place : place + size], text[place : place + size])
        place += size
    return found


def one_line(topic: str, key: bytes | None, value: bytes) -> str:
    staged = stage([Chunk(topic, 3, 5, 6, [Raw(5, key, value)])])
    assert staged.rejected == []
    ((line,),) = staged.lines.values()
    return line


@given(said=st.lists(texts, min_size=7, max_size=7), pretty=st.booleans())
def test_a_facts_line_says_what_the_fact_says(said: list[str], pretty: bool) -> None:
    fact = person_fact("a1", "joined", "e1", "2026-02-01")
    event = json.loads(person_record(AN, fact).value or b"")
    names = ("branch", "form", "code", "reason", "source", "dossier", "line")
    event["data"] |= zip(names, said, strict=True)
    value = json.dumps(event, indent=1 if pretty else None, ensure_ascii=pretty).encode()
    told = fields(one_line(MOVEMENTS_IN, AN.encode(), value))
    assert told[:4] == [AN, fact.fact, "1", "5"]
    assert told[5:11] == ["3", "2026-02-01", "t", "f", "joined", "e1"]
    assert (told[4], told[11:18]) == (TIME, said)


@given(fact=texts, unit=texts)
def test_an_effects_line_says_what_the_effect_says(fact: str, unit: str) -> None:
    put = make.effect("e1", "an", "2026-02-01")
    event = json.loads(put.value or b"")
    event["data"]["fact"], event["subject"] = fact, unit
    told = fields(one_line(CHANGES, unit.encode(), msgspec.json.encode(event)))
    assert told == ["3", "5", AN, unit, "2026-02-01", "1", "1", "0", fact, "f", TIME]


@given(units=st.tuples(texts, texts), facts=st.lists(texts, max_size=3))
def test_a_movements_line_says_what_the_movement_says(units: tuple[str, str], facts: list[str]) -> None:
    put = make.movement("an", 1, "departed", left_on="2026-09-30", from_unit=units[0], to_unit=units[1], facts=facts)
    told = fields(one_line(MOVEMENTS, put.key, put.value or b""))
    assert told[4:9] == ["departed", *units, "2026-09-30", None]
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in facts)
    assert told[9] == "{" + ",".join(f'"{one}"' for one in quoted) + "}"


@pytest.mark.parametrize("values", [[], [""], ["a"], ["a", "b c", "{}", "NULL", ","]])
def test_an_array_of_plain_texts_is_the_same_either_way(values: list[str]) -> None:
    assert lines.array(values, plain=True) == lines.array(values)


def test_the_last_word_on_each_finding_stands_and_those_before_go_apart() -> None:
    def line(fact: str, what: str, offset: int) -> str:
        return f"{AN}\t{fact * 32}\t{what}\te1\t2026-01-01\tt\t{fact * 32}\t0\t{offset}\t{TIME}\n"

    said = [line("a", "x", 1), line("a", "xy", 2), line("a", "x", 3), line("b", "x", 4), line("a", "x", 5)]
    assert declared.latest(said) == ([said[4], said[1], said[3]], [said[0], said[2]])


def test_first_readings_of_movements_stand_apart() -> None:
    staged: Staged = stage(
        [Chunk(MOVEMENTS, 0, 0, 2, [Raw(n, b"", make.movement("an", n + 1, "withdrawn").value) for n in range(2)])]
    )
    assert {table: len(found) for table, found in staged.lines.items()} == {"first_movements": 1, "movements": 1}


@pytest.mark.parametrize("field", ["day", "fact"])
@pytest.mark.parametrize("value", ["", "today", "2026-02-30", "a" * 33])
def test_a_finding_without_a_day_or_an_id_is_unreadable(field: str, value: Any) -> None:
    data = {
        "person": AN,
        "fact": "a" * 32,
        "what": "x",
        "unit": "",
        "day": "2026-01-01",
        "open": True,
        "cause": "a" * 32,
    }
    event = {"type": "vn.union-mobility.finding.changed.v1", "time": TIME, "data": data | {field: value}}
    staged = stage([Chunk(FINDINGS, 0, 0, 1, [Raw(0, AN.encode(), json.dumps(event).encode())])])
    assert (len(staged.rejected), staged.lines) == (1, {})
