"""Reads a generated folder row by row and works out, by the text of the rules, what must come out.

It knows the files alone: nothing of how they were generated, nothing of the intake and the steps. Figures of a person
come from the oracle.
"""

from collections import defaultdict
from pathlib import Path

from producers.readers import FeedKind, Row, open_readings, parse_day, parse_month
from producers.synth import files
from schemas.codes import code_table
from schemas.ids import digest, enterprise_id, union_id
from schemas.persons import Change, PersonFact
from schemas.registry import Place, RegistryChange, RegistryFact
from tests.oracle import persons as rules
from tests.oracle import registers

LEAVING = {"left": "left", "struck_off": "struck_off", "retired": "retired"}
MEMBER = {
    "admitted": Change.ADMITTED,
    "transferred_in": Change.MEMBER_TRANSFERRED,
    "died": Change.DIED,
    "suspended": Change.SUSPENDED,
    "reinstated": Change.REINSTATED,
} | dict.fromkeys(LEAVING, Change.MEMBER_LEFT)


class Refusal(Exception):
    """A row that does not get in: reason."""


def valid_tax_code(code: str) -> bool:
    """Check digit of a 10-digit code, by the feed description; a branch adds three digits."""
    head, dash, branch = code.partition("-")
    if len(head) != 10 or not head.isdigit() or (dash and not (len(branch) == 3 and branch.isdigit())):
        return False
    weighted = sum(int(d) * w for d, w in zip(head, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=False))
    return weighted % 11 != 0 and int(head[9]) == 10 - weighted % 11


class Replay:
    """Every file of the folder, in the order of intake."""

    def __init__(self, folder: Path) -> None:
        self.numbers: dict[str, int] = {}
        self.known = 0
        self.persons: dict[str, tuple[int, PersonFact]] = {}  # live facts by identity
        self.versions: dict[str, int] = {}
        self.register: dict[str, RegistryFact] = {}
        self.rosters: dict[tuple[str, str], bool] = {}  # (unit, as_of) -> complete
        self.unit_codes: dict[str, str] = {}
        self.counts: dict[str, list[object]] = {}
        for path in files(folder):
            accepted = unchanged = 0
            refused: list[tuple[str, str]] = []
            with open_readings(path) as readings:
                for reading in readings:
                    for row in reading.rows:
                        if not isinstance(row, Row):
                            refused.append((row.line, row.reason))
                            continue
                        try:
                            if self.take(reading.kind, row, reading.tax_code, reading.dossier):
                                accepted += 1
                            else:
                                unchanged += 1
                        except Refusal as refusal:
                            refused.append((row.line, str(refusal)))
            self.counts[path.relative_to(folder).as_posix()] = [accepted, unchanged, refused]
        self.unlist()

    def take(self, kind: FeedKind, row: Row, tax_code: str, dossier: str) -> bool:
        """Whether the row says something new."""
        values = row.values
        if kind is FeedKind.ENTERPRISE:
            return self.enterprise(values)
        if kind is FeedKind.UNION:
            return self.union(values)
        if kind is FeedKind.MEMBER:
            return self.member(values)
        if kind is FeedKind.ROSTER:
            return self.roster(values)
        assert kind is FeedKind.D02, kind
        return self.d02(values, row.line, values.get("tax_code", tax_code), values.get("dossier_no", dossier))

    def person(self, values: dict[str, str]) -> int:
        """The person whom the row's numbers name; both numbers lead there afterwards."""
        numbers = []
        for field, length in (("personal_number", 12), ("insurance_number", 10)):
            number = values.get(field, "")
            if number:
                if len(number) != length or not number.isdigit():
                    raise Refusal("bad-" + field.replace("_", "-"))
                numbers.append(number)
        assert numbers, "a row without any number"
        known = {self.numbers[number] for number in numbers if number in self.numbers}
        if len(known) > 1:
            raise Refusal("two-identities")
        if not known:
            self.known += 1
        person = known.pop() if known else self.known
        for number in numbers:
            self.numbers[number] = person
        return person

    def state(self, identity: str, person: int, change: Change, unit: str, day: str, **more: object) -> bool:
        """A fact that nobody cites: new, or said before; other content is a conflict."""
        fact = PersonFact(
            fact=identity, version=1, change=change, unit=unit, day=day, source="x", dossier="d", line="1", **more
        )
        if identity in self.versions:
            if self.persons.get(identity) != (person, fact):
                raise Refusal("conflict")
            return False
        self.versions[identity] = 1
        self.persons[identity] = (person, fact)
        return True

    def enterprise(self, values: dict[str, str]) -> bool:
        tax_code = values["tax_code"]
        if not valid_tax_code(tax_code):
            raise Refusal("bad-tax-code")
        unit = enterprise_id(tax_code)
        day = parse_day(values.get("effective_on") or values["registered_on"])
        fields = {name: values.get(name, "") for name in ("name", "unit_code", "ownership", "area_code", "tax_code")}
        new = self.say(unit, RegistryChange.ENTERPRISE_STATED, day, **fields)
        assert self.unit_codes.setdefault(values["unit_code"], unit) == unit
        if "dissolved_on" in values:
            heirs = [
                Place(unit=enterprise_id(code)) for code in values.get("successor_tax_code", "").split(";") if code
            ]
            ended = parse_day(values["dissolved_on"])
            new |= self.say(unit, RegistryChange.ENTERPRISE_DISSOLVED, ended, tax_code=tax_code, places=heirs)
        return new

    def union(self, values: dict[str, str]) -> bool:
        unit = union_id(values["union_code"])
        day = parse_day(values.get("effective_on") or values["founded_on"])
        codes = [code for code in values.get("tax_codes", "").split(";") if code]
        assert all(map(valid_tax_code, codes))
        places = [Place(unit=enterprise_id(code), branch=code if "-" in code else "") for code in codes]
        new = self.say(unit, RegistryChange.UNION_STATED, day, places=places)
        if "dissolved_on" in values:
            new |= self.say(unit, RegistryChange.UNION_DISSOLVED, parse_day(values["dissolved_on"]))
        return new

    def say(self, subject: str, change: RegistryChange, day: str | None, **more: object) -> bool:
        assert day
        identity = digest(subject, change, day)
        fact = RegistryFact(
            fact=identity, version=1, change=change, subject=subject, day=day, source="x", dossier="d", line="1", **more
        )
        assert self.register.get(identity, fact) == fact, f"{subject} restated on {day} with other content"
        new = identity not in self.register
        self.register[identity] = fact
        return new

    def member(self, values: dict[str, str]) -> bool:
        person, unit, word = self.person(values), union_id(values["union_code"]), values["change"]
        day = parse_day(values["effective_on"])
        assert day
        return self.state(
            digest(unit, str(person), word, day), person, MEMBER[word], unit, day, reason=LEAVING.get(word, "")
        )

    def roster(self, values: dict[str, str]) -> bool:
        assert valid_tax_code(values["tax_code"])
        unit, as_of, person = enterprise_id(values["tax_code"]), parse_day(values["as_of"]), self.person(values)
        month = parse_month(values["from_month"])
        assert as_of and month and month[0] <= as_of
        complete = values["complete"] == "yes"
        assert self.rosters.setdefault((unit, as_of), complete) == complete
        new = self.state(digest(unit, str(person), "joined", as_of), person, Change.JOINED, unit, month[0])
        return self.state(digest(unit, str(person), "listed", as_of), person, Change.LISTED, unit, as_of) or new

    def d02(self, values: dict[str, str], line: str, tax_code: str, dossier: str) -> bool:
        assert tax_code and dossier, "a dossier without unit or number"
        form = values.get("form", "D02")
        if form not in ("D02", "D05"):
            raise Refusal("refused-form")
        action, cites = values.get("action", "new"), values.get("cites", "")
        code = code_table().get((form, values["movement_code"]))
        if code is None:
            raise Refusal("unknown-movement-code")
        month = parse_month(values.get("from_month", ""))
        if month is None:
            raise Refusal("missing-month")
        if not valid_tax_code(tax_code):
            raise Refusal("bad-tax-code")
        unit, branch = enterprise_id(tax_code), tax_code if "-" in tax_code else ""
        identity = digest(tax_code, dossier, form, line)
        if action != "new":
            return self.correct(identity, tax_code, form, action, cites, values, code.change, unit, month[0])
        person = self.person(values)
        return self.state(identity, person, code.change, unit, month[0], branch=branch, form=form)

    def correct(
        self, own: str, tax_code: str, form: str, action: str, cites: str, values: dict[str, str],
        change: Change, unit: str, day: str,
    ) -> bool:  # fmt: skip
        dossier, _, rest = cites.rpartition(":")
        line, _, version = rest.partition("@")
        identity = digest(tax_code, dossier, form, line)
        if identity not in self.versions:
            raise Refusal("unknown-citation")
        if version and int(version) != self.versions[identity]:
            raise Refusal("stale-citation")
        self.versions[identity] += 1
        del self.persons[identity]
        if action == "replace":
            fact = PersonFact(
                fact=identity, version=self.versions[identity], change=change, unit=unit, day=day, form=form,
                source="x", dossier="d", line="1",
            )  # fmt: skip
            self.persons[identity] = (self.person(values), fact)
        return True

    def unlist(self) -> None:
        """Rule 10: a complete roster closes the spells of those whom it does not list."""
        listed = {(fact.unit, fact.day, person) for person, fact in self.persons.values() if fact.change == "listed"}
        by_unit = defaultdict(list)
        for (unit, as_of), complete in self.rosters.items():
            if complete:
                by_unit[unit].append(as_of)
        for person, fact in list(self.persons.values()):
            for as_of in by_unit.get(fact.unit, ()) if fact.form != "D05" and not fact.branch else ():
                if fact.day < as_of and (fact.unit, as_of, person) not in listed:
                    identity = digest(fact.unit, str(person), "unlisted", as_of)
                    if identity not in self.versions:
                        self.state(identity, person, Change.UNLISTED, fact.unit, as_of)

    def figures(self, day: str) -> dict[str, object]:
        """Totals and counts per unit as the rules have them on that day."""
        facts = defaultdict(list)
        for person, fact in self.persons.values():
            facts[person].append(fact)
        said = list(self.register.values())
        of_subject = defaultdict(list)
        reached = defaultdict(list)
        for fact in said:
            of_subject[fact.subject].append(fact)
        for fact in said:
            for place in fact.places:
                reached[place.unit].append(fact.subject)
        dissolved = {unit for unit in of_subject if registers.dissolved_on(of_subject[unit], unit, day)}
        units: dict[str, list[int]] = {unit: [0, 0, 0] for unit in of_subject}
        persons = members = 0
        for one in facts.values():
            counts = rules.figures(one, day)
            for unit, figures in counts.items():
                if unit in dissolved and unit[0] == "e":
                    continue
                for place, figure in enumerate(figures):
                    units[unit][place] += figure
            persons += any(count[0] for unit, count in counts.items() if unit[0] == "e" and unit not in dissolved)
            members += rules.member_of(rules.live_facts(one), day) != ""
        covers, owners, names = {}, {}, {}
        for unit in of_subject:
            if unit[0] == "e":
                touching = [fact for subject in set(reached[unit]) for fact in of_subject[subject]]
                covers[unit] = sorted(registers.covers(touching, unit, day))
                stated = registers.described(of_subject[unit], unit, day)
                owners[unit], names[unit] = stated.get("ownership", ""), stated.get("name", "")
        return {
            "units": units,
            "dissolved": {unit for unit in dissolved if unit[0] == "e"},
            "covers": covers,
            "owners": owners,
            "names": names,
            "persons": persons,
            "members": members,
        }
