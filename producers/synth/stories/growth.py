"""Enterprises at the edge of 20 workers: the rule no-union has to tell them apart."""

from producers.synth.lines import Line
from producers.synth.stories.stage import Stage, Story


class GrowsPastNineteen(Story):
    """19 workers; one goes and one comes, then one comes: 20, and an alert."""

    def found(self, stage: Stage) -> None:
        """Nineteen, no union."""
        self.unit = stage.cast(19)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 0 keeps nineteen, act 1 makes twenty."""
        if act == 0:
            lines = [stage.leave(self.unit.crew[0], month), stage.start(self.unit, month)]
            stage.desk.file(self.unit, lines)
        elif act == 1:
            stage.desk.file(self.unit, [stage.start(self.unit, month, trap="grows-to-20")])


class FalseStart(Story):
    """19 workers and one start declared by mistake: 20 until it is cancelled. A correction, not a leave."""

    def found(self, stage: Stage) -> None:
        """Nineteen, no union."""
        self.unit = stage.cast(19)
        self.unit.peak = 20
        self.nobody = stage.city.new_person()

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Declared in act 0, withdrawn in act 1."""
        if act == 0:
            self.dossier = stage.desk.file(self.unit, [Line(self.nobody, "TM", month)])
        elif act == 1:
            line = Line(
                self.nobody, "TM", month - 1, action="cancel", cites=f"{self.dossier}:1", trap="cancelled-start"
            )
            stage.desk.file(self.unit, [line])


class FutureStart(Story):
    """A start dated half a year ahead is accepted, and counts when it is due: after the expected day."""

    def found(self, stage: Stage) -> None:
        """Nineteen, no union."""
        self.unit = stage.cast(19)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Filed in act 1, whatever the number of months."""
        if act == 1:
            line = Line(stage.city.new_person(), "TM", stage.city.last + 6, trap="future-row")
            stage.desk.file(self.unit, [line])


class PublicUnit(Story):
    """A public unit of more than 20 without a union: the rule does not speak of it (meaning, rule 12)."""

    def found(self, stage: Stage) -> None:
        """Twenty-one."""
        unit = stage.cast(21, "public_unit")
        stage.ledger.trap("public-unit-without-union", tax_code=unit.tax_code)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Nothing happens."""


class Shrinks(Story):
    """21 workers without a union, then 16: whether the alert still stands depends on the month-ends between."""

    def found(self, stage: Stage) -> None:
        """Twenty-one."""
        self.unit = stage.cast(21)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Five leave in act 1."""
        if act == 1:
            lines = [stage.leave(person, month, trap="shrinks-to-16") for person in self.unit.crew[:5]]
            stage.desk.file(self.unit, lines)
