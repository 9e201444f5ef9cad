"""Explain: the facts behind every unit of a count, to the dossier's line."""

from collections import defaultdict
from typing import Any

import psycopg

from mobility.errors import MobilityError
from mobility.log import read_topics
from mobility.replay import data_of
from schemas import topics
from streams.days import ordinal, text
from streams.people.facts import Fact, fact_of, read_event
from streams.people.moves import resolve
from streams.people.spells import fold
from streams.step import PoisonRecordError, Record

SHOWN = ("fact", "version", "change", "unit", "branch", "day", "precision", "form", "code", "dossier", "line", "source")


def unit_of(dsn: str, code: str) -> str:
    """The unit that a tax code or union code speaks of today. Raises MobilityError for one that nobody has stated."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select unit from store.unit_status where tax_code = %s or union_code = %s order by kind limit 1",
            (code, code),
        ).fetchone()
    if found is None:
        raise MobilityError(f"Not known: {code}. Say the tax code of an enterprise or the code of a union.")
    return str(found[0])


def explain_unit(broker: str, unit: str, day: str) -> dict[str, Any]:
    """Everyone who counts there on the day, with the latest version of each of their facts, and the findings."""
    at, until = unit, ordinal(day)
    touched: set[str] = set()
    for _, _, records in read_topics(broker, topics.MOVEMENTS_IN):
        for record in records:
            data = data_of(record)
            if data is not None and data.get("unit") == at and record.key is not None:
                touched.add(record.key.decode())
    persons, findings = [], []
    counts = {"workers": 0, "present": 0, "members": 0}
    for person, facts in sorted(_facts_of(broker, touched).items()):
        timeline = fold(_folded(facts))
        deltas = [delta for (where, when), delta in timeline.effects.items() if where == at and when <= until]
        workers, present, members = (sum(delta[place] for delta in deltas) for place in range(3))
        here = {fact["fact"] for fact in facts.values() if fact["unit"] == at}
        found = [
            {"person": person, "finding": finding.what, **_shown(facts[finding.fact.hex()])}
            for finding in timeline.findings
            if finding.fact.hex() in here
        ]
        findings += found
        if workers or members:
            counts["workers"] += workers
            counts["present"] += present
            counts["members"] += members
            persons.append(
                {
                    "person": person,
                    "worker": bool(workers),
                    "present": bool(present),
                    "member": bool(members),
                    "facts": sorted((_shown(fact) for fact in facts.values()), key=lambda fact: str(fact["day"])),
                }
            )
    registry = [fact for fact in _registry_facts(broker) if _speaks_of(fact, at)]
    return {"unit": at, "day": day, "counts": counts, "persons": persons, "findings": findings, "registry": registry}


def explain_person(broker: str, person: str) -> dict[str, Any]:
    """One person's trail: facts, what each unit counts of them day by day, movements and findings."""
    facts = _facts_of(broker, {person}).get(person, {})
    timeline = fold(_folded(facts))
    trail = [
        {"day": text(day), "unit": unit, "workers": delta[0], "present": delta[1], "members": delta[2]}
        for (unit, day), delta in sorted(timeline.effects.items(), key=lambda item: (item[0][1], item[0][0]))
        if delta != (0, 0, 0)
    ]
    moves = [
        {
            "left": move.leave.unit if move.leave else None,
            "left_on": text(move.leave.day) if move.leave else None,
            "joined": move.start.unit if move.start else None,
            "joined_on": text(move.start.day) if move.start else None,
        }
        for move in resolve(timeline.turns).values()
    ]
    findings = [{"finding": finding.what, **_shown(facts[finding.fact.hex()])} for finding in timeline.findings]
    return {
        "person": person,
        "facts": sorted((_shown(fact) for fact in facts.values()), key=lambda fact: str(fact["day"])),
        "trail": trail,
        "movements": moves,
        "findings": findings,
    }


def _facts_of(broker: str, persons: set[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """person -> fact id -> its latest version, with where it stands on the log."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for _, partition, records in read_topics(broker, topics.MOVEMENTS_IN):
        for record in records:
            key = (record.key or b"").decode(errors="replace")
            if key not in persons:
                continue
            data, folded = _fact(record)
            if data is not None:
                known = found[key].get(data["fact"])
                if known is None or known["version"] < data["version"]:
                    found[key][data["fact"]] = {
                        **data,
                        "partition": partition,
                        "offset": record.offset,
                        "folded": folded,
                    }
    return found


def _fact(record: Record) -> tuple[dict[str, Any] | None, Fact | None]:
    """A fact for people and as the step reads it; nothing for a record that the step would not take either."""
    try:
        return data_of(record), fact_of(read_event(record.value).data)
    except PoisonRecordError:
        return None, None


def _folded(facts: dict[str, dict[str, Any]]) -> list[Fact]:
    return [fact["folded"] for fact in facts.values()]


def _shown(fact: dict[str, Any]) -> dict[str, Any]:
    return {name: fact.get(name, "") for name in SHOWN} | {"partition": fact["partition"], "offset": fact["offset"]}


def _registry_facts(broker: str) -> list[dict[str, Any]]:
    latest: dict[str, dict[str, Any]] = {}
    for _, _, records in read_topics(broker, topics.REGISTRY_IN):
        for record in records:
            data = data_of(record)
            if data is not None and latest.get(data["fact"], {"version": 0})["version"] < data["version"]:
                latest[data["fact"]] = data
    return sorted(
        (fact for fact in latest.values() if fact["change"] != "cancelled"), key=lambda fact: str(fact["day"])
    )


def _speaks_of(fact: dict[str, Any], unit: str) -> bool:
    return fact["subject"] == unit or any(place["unit"] == unit for place in fact.get("places", ()))
