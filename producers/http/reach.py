"""Which units the rows of a file would touch, found by the very rules that will read it, and whether a key covers
them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psycopg

from producers.areas import Areas, ShippedAreas
from producers.http.scope import Scope
from producers.http.whereabouts import Whereabouts
from producers.index.dossiers import Dossiers
from producers.readers import Reading, Row, RowRefused
from producers.sql import query
from producers.units.directory import UnitDirectory
from producers.validate.claims import RegistryClaim, RowFault, Stated
from producers.validate.context import Context, sane_days, stated_place
from producers.validate.d02 import SOURCE as D02_SOURCE
from producers.validate.rows import RULES, Rule, withdrawal

BLOCK = 5_000
SHOWN = 20
"""Places of rows outside the scope that are named; one is enough to refuse."""


@dataclass(slots=True)
class _Touched:
    """A row: the units it would touch, and the areas of enterprises as it states them itself."""

    place: str
    units: set[str]
    stated_areas: dict[str, str] = field(default_factory=dict)


def outside(
    reading: Reading,
    *,
    scope: Scope,
    whereabouts: Whereabouts,
    connection: psycopg.Connection[Any],
    today: str,
    unit: str = "",
    dossier: str = "",
    replaces: str = "",
) -> list[str]:
    """Places (``row 3``) of rows that speak for something else than the scope; ``replaces`` first, if it does.

    The context of the rows is the one in which they are taken in, so what a row is refused for here refuses it there:
    such rows are passed over. Walks ``reading.rows``. Raises FileRefused, as taking the file in will, and FileFault
    where it can't be told what the file speaks for.
    """
    if scope.everywhere:
        return []
    source, rule = RULES[reading.kind]
    directory = UnitDirectory(connection)
    stated, is_option, unit_code = stated_place(reading, unit, directory, today)
    context = Context(
        source=source,
        file=reading.file,
        sha256=reading.part_sha256 or reading.sha256,
        today=today,
        days=sane_days(today),
        directory=directory,
        dossiers=Dossiers(connection),
        areas=Areas(connection),
        place=stated,
        place_is_option=is_option,
        unit_code=unit_code,
        option=unit,
        dossier=" ".join((reading.dossier or dossier).split()),
        form=reading.form,
        replaces=replaces,
    )
    found: list[str] = []
    if replaces and source != D02_SOURCE:  # of a D02 dossier only the lines of the file's own places are replaced
        family = list(context.dossiers.family(source, replaces))  # what any of them states is dropped or restated
        rows = connection.execute(
            query("producers.http", "find_units_of_dossiers"), {"dossiers": family, "source": source}
        )
        found += _beyond([_Touched(f"replaces {source}", {row[0] for row in rows})], scope, whereabouts, context.areas)
    while len(found) < SHOWN and (block := list(islice(reading.rows, BLOCK))):
        directory.fetch(row.values.get("unit_code", "") for row in block)
        touched = _touched(block, context, rule, connection)
        found += _beyond(touched, scope, whereabouts, context.areas)
    return found[:SHOWN]


def _touched(
    rows: Iterable[Row | RowRefused], context: Context, rule: Rule, connection: psycopg.Connection[Any]
) -> list[_Touched]:
    found: list[_Touched] = []
    cited: dict[tuple[str, str], list[_Touched]] = {}
    for row in rows:
        if isinstance(row, RowRefused):
            continue
        with suppress(RowFault):
            withdrawn = withdrawal(row.values, context) if context.source != D02_SOURCE else None
            stated = withdrawn or rule(row.values, row.line, context)
            one = _of(row.place, stated)
            found.append(one)
            if stated.unit_code and (holder := context.directory.place_of(*stated.unit_code)):
                one.units.add(holder.unit)  # from then on its dossiers would count for another
            if stated.citation and stated.place is None:  # the facts under it may be of any unit
                cited.setdefault((stated.citation.dossier, stated.citation.line), []).append(one)
    corrected = _reach_of_cited(cited, context, connection)  # a line that corrected another means all of that one
    _reach_of_cited(corrected, context, connection)
    return found


def _reach_of_cited(
    cited: dict[tuple[str, str], list[_Touched]], context: Context, connection: psycopg.Connection[Any]
) -> dict[tuple[str, str], list[_Touched]]:
    """Add the units of the facts under these citations; the lines that these corrected, with who cites them."""
    corrected: dict[tuple[str, str], list[_Touched]] = {}
    if not cited:
        return corrected
    asked = {"dossiers": [dossier for dossier, _ in cited], "lines": [line for _, line in cited]}
    for row in connection.execute(query("producers.index", "find_cited"), asked).fetchall():
        source, unit, first, last = row[7], row[8], (row[11], row[12]), (row[16], row[17])
        if source != context.source:
            continue
        for one in [*cited.get(first, ()), *cited.get(last, ())]:
            one.units.add(unit)
        if first not in cited:
            corrected.setdefault(first, []).extend(cited[last])
    return corrected


def _of(place: str, stated: Stated) -> _Touched:
    touched = _Touched(place, {stated.place.unit} if stated.place else set())
    for claim in stated.claims:
        if isinstance(claim, RegistryClaim):
            touched.units.add(claim.subject)
            touched.units.update(other.unit for other in claim.places)
            if claim.area_code:
                touched.stated_areas[claim.subject] = claim.area_code
        else:
            touched.units.add(claim.unit)
    return touched


def _beyond(rows: list[_Touched], scope: Scope, whereabouts: Whereabouts, areas: ShippedAreas) -> list[str]:
    """Places of those that touch a unit beyond the scope. Two questions for all of them."""
    asked = {unit for row in rows for unit in row.units if not scope.names(unit)}
    covered: dict[str, set[str]] = {}
    known: dict[str, str] = {}
    if asked and scope.areas:
        unions = {unit for unit in asked if unit.startswith("u")}
        covered = whereabouts.covered_by(unions) if unions else {}
        enterprises = {unit for unit in asked if unit.startswith("e")}.union(*covered.values())
        known = whereabouts.areas_of(enterprises) if enterprises else {}

    def allowed(unit: str, stated_areas: dict[str, str]) -> bool:
        if unit not in asked and scope.names(unit):
            return True
        if unit.startswith("u"):
            members = covered.get(unit, set())
            return bool(members) and all(scope.names(one) or allowed_enterprise(one, {}) for one in members)
        return unit.startswith("e") and allowed_enterprise(unit, stated_areas)

    def allowed_enterprise(unit: str, stated_areas: dict[str, str]) -> bool:
        area = known.get(unit, "") or stated_areas.get(unit, "")
        return bool(area) and areas.lies_in(area, scope.areas)

    return [row.place for row in rows if not all(allowed(unit, row.stated_areas) for unit in row.units)]
