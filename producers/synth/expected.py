"""The expected answer: derived from what the simulation declared, by the rules of meaning; never by the steps."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from producers.synth.city import ABSENT_DECLARED, DECLARED, NO_UNION, SUSPENDED, City
from producers.synth.ledger import FileCount, Trap

UNION_FROM = 20
"""Rule no-union: from so many workers an enterprise needs a union (meaning, rules 12 and 13)."""


@dataclass(slots=True)
class EnterpriseCount:
    """Counts of one enterprise on the expected day; ``unions`` are codes. Of a dissolved one all counts are 0."""

    workers: int = 0
    present: int = 0
    members: int = 0
    unions: tuple[str, ...] = ()
    baseline: str = "none"
    name: str = ""
    dissolved_on: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """City figures; ``enterprises`` and ``workers`` leave dissolved ones out, persons count once."""

    enterprises: int
    workers: int
    persons: int
    members: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out once every file is ingested and the clock has then been ticked to ``day``.

    ``open_alerts`` are the tax codes of enterprises with 20 or more workers and no union: exact if the first tick of
    the clock is the one to ``day``. ``alerts_possible`` were, or may have seemed, such enterprises at an earlier time:
    whether their alert is still open depends on the days between, on which the clock was read.
    """

    size: str
    seed: int
    start_month: str
    months: int
    day: str
    totals: Totals
    enterprises: dict[str, EnterpriseCount]
    unions: dict[str, int]
    open_alerts: list[str]
    alerts_possible: list[str]
    files: list[FileCount]
    traps: dict[str, Trap]

    def write(self, path: Path) -> None:
        """Write as JSON: sorted, one enterprise, file and trap a line, so that two answers can be compared by eye."""
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write("{\n")
            for name in ("size", "seed", "start_month", "months", "day"):
                file.write(f'"{name}": {json.dumps(getattr(self, name))},\n')
            file.write(f'"totals": {json.dumps(asdict(self.totals))},\n')
            for name in ("open_alerts", "alerts_possible", "unions"):
                file.write(f'"{name}": {json.dumps(getattr(self, name))},\n')
            rows = ",\n".join(f"{json.dumps(k)}: {_json(asdict(v))}" for k, v in self.enterprises.items())
            file.write(f'"enterprises": {{\n{rows}\n}},\n')
            rows = ",\n".join(_json(asdict(count)) for count in self.files)
            file.write(f'"files": [\n{rows}\n],\n')
            rows = ",\n".join(f"{json.dumps(k)}: {_json(asdict(v))}" for k, v in sorted(self.traps.items()))
            file.write(f'"traps": {{\n{rows}\n}}\n}}\n')


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted city; see :class:`Expected` for each."""

    totals: Totals
    enterprises: dict[str, EnterpriseCount]
    unions: dict[str, int]
    open_alerts: list[str]
    alerts_possible: list[str]


def tally(city: City) -> Tally:
    """Count every person's declared spells and membership, one by one."""
    counts = [
        EnterpriseCount(
            unions=tuple(sorted(city.unions[union].code for union in enterprise.unions)),
            baseline=enterprise.baseline,
            name=enterprise.name,
            dissolved_on=enterprise.dissolved_on,
        )
        for enterprise in city.enterprises
    ]
    unions = [0] * len(city.unions)
    persons = members = 0
    for person, flags in enumerate(city.flags):
        spells = [(at, absent) for at, absent in city.ghosts.get(person, ()) if not counts[at].dissolved_on]
        if flags & DECLARED and not counts[city.employer[person]].dissolved_on:
            spells.append((city.employer[person], bool(flags & ABSENT_DECLARED)))
        active = city.home[person] != NO_UNION and not flags & SUSPENDED
        for at, absent in spells:
            counts[at].workers += 1
            counts[at].present += not absent
            counts[at].members += active
        if active:
            unions[city.home[person]] += 1
        persons += bool(spells)
        members += active
    living = [count for count in counts if not count.dissolved_on]
    totals = Totals(len(living), sum(count.workers for count in living), persons, members)
    open_alerts, possible = [], []
    for enterprise, count in zip(city.enterprises, counts, strict=True):
        if enterprise.ownership == "public_unit":
            continue
        if count.workers >= UNION_FROM and not count.unions and not count.dissolved_on:
            open_alerts.append(enterprise.tax_code)
        elif enterprise.peak >= UNION_FROM and not count.unions and not count.dissolved_on:
            possible.append(enterprise.tax_code)
    return Tally(
        totals=totals,
        enterprises=dict(sorted((e.tax_code, count) for e, count in zip(city.enterprises, counts, strict=True))),
        unions={union.code: unions[union.number] for union in city.unions if not union.dissolved_on},
        open_alerts=sorted(open_alerts),
        alerts_possible=sorted(possible),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
