"""What goes wrong on paper and must not go wrong in the counts."""

from producers.synth.enterprise_register import row_of
from producers.synth.lines import FAULTS_OF_ANY_FORMAT, FAULTS_OF_CSV, Line
from producers.synth.stories.stage import Stage, Story


class SameFactTwice(Story):
    """The same start and leave under two dossiers count once; withdrawing one of the two changes nothing."""

    def found(self, stage: Stage) -> None:
        """Eight."""
        self.unit = stage.cast(8)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 1 cancels the first dossier's leave."""
        if act == 0:
            self.gone = self.unit.crew[0]
            lines = [stage.start(self.unit, month), stage.leave(self.gone, month)]
            self.dossier = stage.desk.file(self.unit, lines)
            again = [Line(line.person, line.code, month, trap="fact-under-another-dossier") for line in lines]
            stage.desk.file(self.unit, again, sequence=2)
        elif act == 1:
            line = Line(self.gone, "GH", month - 1, action="cancel", cites=f"{self.dossier}:2")
            line.trap = "one-of-two-sources-cancelled"
            stage.desk.file(self.unit, [line])


class Conflict(Story):
    """A dossier is sent again with one line changed and nothing cited: that line waits for a clerk."""

    def found(self, stage: Stage) -> None:
        """Eight."""
        self.unit = stage.cast(8)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Both in act 0."""
        if act == 0:
            one, two = self.unit.crew[:2]
            lines = [stage.leave(one, month), stage.leave(two, month), stage.start(self.unit, month)]
            dossier = stage.desk.file(self.unit, lines)
            again = [Line(line.person, line.code, month, unchanged=True) for line in lines]
            again[1] = Line(two, "GH", month - 1, fault="conflict")
            stage.desk.file(self.unit, again, sequence=2, dossier=dossier)


class Corrections(Story):
    """A month restated, a person restated, a start withdrawn; then a stale citation and an unknown one."""

    def found(self, stage: Stage) -> None:
        """Ten."""
        self.unit = stage.cast(10)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Wrong in act 0, right in act 1: one leaves a month later, another one leaves than was named."""
        if act == 0:
            self.late, self.stays, self.goes = self.unit.crew[:3]
            self.nobody = stage.city.new_person()
            lines = [Line(self.late, "GH", month), Line(self.stays, "GH", month), Line(self.nobody, "TM", month)]
            self.dossier = stage.desk.file(self.unit, lines)
        elif act == 1:
            month_restated = stage.leave(self.late, month, trap="month-restated")
            month_restated.action, month_restated.cites = "replace", f"{self.dossier}:1"
            person_restated = stage.leave(self.goes, month - 1, trap="person-restated")
            person_restated.action, person_restated.cites = "replace", f"{self.dossier}:2@1"
            withdrawn = Line(
                self.nobody, "TM", month - 1, action="cancel", cites=f"{self.dossier}:3@1", trap="withdrawn"
            )
            stage.desk.file(self.unit, [month_restated, person_restated, withdrawn])
            stale = Line(self.late, "GH", month - 1, "stale-citation", action="replace", cites=f"{self.dossier}:1@1")
            unknown = Line(self.stays, "GH", month, "unknown-citation", action="replace", cites=f"{self.dossier}:99")
            stage.desk.file(self.unit, [stale, unknown], sequence=2)


class VoluntaryForms(Story):
    """Form D05 is accepted without effect, whatever its codes mean elsewhere; form DK05 is refused."""

    def found(self, stage: Stage) -> None:
        """Eight."""
        self.unit = stage.cast(8)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """All in act 0."""
        if act == 0:
            people = [stage.city.new_person(), *self.unit.crew[:4]]
            codes = ("TM", "GH", "GD", "GC", "DL")
            lines = [
                Line(person, code, month, form="D05", trap="voluntary-insurance")
                for person, code in zip(people, codes, strict=True)
            ]
            stage.desk.file(self.unit, [*lines, Line(stage.city.new_person(), "TM", month, "refused-form")])


class BrokenRows(Story):
    """Every fault in every format that can carry it, among good rows; then each file is sent a second time."""

    def found(self, stage: Stage) -> None:
        """One employer a format."""
        self.table = stage.cast(8, members=8)
        self.others = [stage.cast(6, channel="xlsx"), stage.cast(6, channel="xml")]

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 0. The refused leaves never get declared: who is named in them keeps counting."""
        if act != 0:
            return
        crew = self.table.crew
        lines = [Line(crew[place], "GH", month, fault) for place, fault in enumerate(FAULTS_OF_CSV)]
        lines.append(Line(crew[6], "GH", month, "two-identities", insurance_of=crew[7]))
        lines.append(stage.start(self.table, month))
        stage.desk.file(self.table, lines)
        stage.desk.send_again(self.table)
        for unit in self.others:
            lines = [Line(unit.crew[place], "GH", month, fault) for place, fault in enumerate(FAULTS_OF_ANY_FORMAT)]
            lines += [stage.start(unit, month), stage.leave(unit.crew[4], month)]
            stage.desk.file(unit, lines)
            stage.desk.send_again(unit)


class BrokenRegisters(Story):
    """A renamed enterprise, and one broken row in an enterprise register and in a member register."""

    def found(self, stage: Stage) -> None:
        """Six, all members."""
        self.unit = stage.cast(6, members=6)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Broken in act 0, renamed in act 1."""
        if act == 0:
            right = row_of(self.unit)
            wrong = self.unit.tax_code[:9] + str((int(self.unit.tax_code[9]) + 1) % 10)
            stage.enterprises.add(month, (wrong, "", *right[2:]), fault="bad-tax-code")
            person = stage.city.new_person()
            register = stage.membership.register
            register.write(person, "admitted", self.unit.unions[0], stage.day(month, 8), "bad-personal-number")
        elif act == 1:
            self.unit.name = f"{self.unit.name} (tên mới)"
            stage.enterprises.add(month, row_of(self.unit, effective_on=stage.day(month, 5)))
            stage.ledger.trap("renamed", tax_code=self.unit.tax_code)
