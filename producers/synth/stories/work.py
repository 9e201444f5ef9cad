"""Spells that are not simply opened and closed."""

from producers.synth import months, rosters
from producers.synth.lines import Line
from producers.synth.stories.stage import Stage, Story


class Branches(Story):
    """Three workers of the head office also start at a branch: the enterprise counts each once."""

    def found(self, stage: Stage) -> None:
        """Ten, all members."""
        self.unit = stage.cast(10, members=10)
        self.people = list(self.unit.crew[:3])

    def play(self, stage: Stage, act: int, month: int) -> None:
        """In act 1 one leaves the branch, one the head office, one both: only the last one goes."""
        branch = f"{self.unit.tax_code}-001"
        if act == 0:
            lines = [Line(person, "TM", month, tax_code=branch, trap="branch-spell") for person in self.people]
            stage.desk.file(self.unit, lines)
        elif act == 1:
            at_branch, at_head, at_both = self.people
            lines = [Line(at_branch, "GH", month, tax_code=branch), Line(at_head, "GH", month)]
            lines += [Line(at_both, "GH", month, tax_code=branch), stage.leave(at_both, month)]
            stage.desk.file(self.unit, lines)


class Health(Story):
    """Absence, return, leave while absent, death on paper and death in the register, facts about the dead."""

    def found(self, stage: Stage) -> None:
        """Ten, all members."""
        self.unit = stage.cast(10, members=10)
        self.people = list(self.unit.crew)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 0 brings everything on, act 1 resolves most of it."""
        city, people = stage.city, self.people
        if act == 0:
            for person in people[:3]:
                city.be_absent(person)
            lines = [Line(people[0], "TS", month, trap="maternity"), Line(people[1], "OF", month, trap="sick")]
            lines += [Line(people[2], "KL", month, trap="unpaid-leave"), Line(people[3], "GH4", month, trap="death")]
            self.unit.crew.remove(people[3])
            city.die(people[3])
            self.unit.crew.remove(people[4])
            stage.membership.write(people[4], "died", self.unit.unions[0], month, day=12)
            stranger, other = city.new_person(), city.new_person()
            lines += [Line(stranger, "OF", month, trap="absence-without-start")]
            lines += [Line(other, "GH", month, trap="leave-without-start")]
            lines += [Line(people[6], "TM", month, trap="already-open")]
            stage.desk.file(self.unit, lines)
        elif act == 1:
            city.be_back(people[1])
            lines = [
                Line(people[1], "ON", month, trap="return"),
                stage.leave(people[2], month, "GH3", "left-while-absent"),
            ]
            lines += [Line(people[3], "GH", month, trap="fact-after-death")]
            lines += [stage.start(self.unit, month, "ON", "return-starts-a-spell")]
            lines += [stage.start(self.unit, month, "TH", "short-contract")]
            stage.desk.file(self.unit, lines)


class BeforeBaseline(Story):
    """Facts dated before a complete roster's day: the roster has the last word on who worked there that day."""

    def found(self, stage: Stage) -> None:
        """Eight."""
        self.unit = stage.cast(8)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """A start of somebody not listed, a leave of somebody listed: accepted, no effect."""
        if act == 0:
            lines = [Line(stage.city.new_person(), "TM", month - 2, trap="start-before-roster")]
            lines += [Line(self.unit.crew[0], "GH", month - 3, trap="leave-before-roster")]
            stage.desk.file(self.unit, lines)


class Reconciled(Story):
    """Three leave and nobody says so, until a second complete roster does not list them."""

    def found(self, stage: Stage) -> None:
        """Twelve, all members."""
        self.unit = stage.cast(12, members=12)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 0: three gone unreported, one start. Act 1: the roster."""
        city = stage.city
        if act == 0:
            self.forgotten = list(self.unit.crew[:3])
            for person in self.forgotten:
                city.dismiss(person, declared=False)
            line = stage.start(self.unit, month)
            self.newcomer = line.person
            stage.desk.file(self.unit, [line])
        elif act == 1:
            listed = [(p, month - 1 if p == self.newcomer else rosters.since(city, p)) for p in self.unit.crew]
            path = stage.out / "rosters" / f"sau_{months.iso(month)}_doi-chieu_{self.unit.tax_code}.csv"
            rosters.write_later(path, stage.out, city, stage.ledger, self.unit, listed, stage.day(month, 15))
            for person in self.forgotten:
                del city.ghosts[person]
            self.unit.ghosts = 0
            name = path.relative_to(stage.out).as_posix()
            stage.ledger.trap("unlisted-by-second-roster", file=name, tax_code=self.unit.tax_code)
