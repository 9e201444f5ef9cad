"""Enterprises that end: merged into another, split into two."""

from producers.synth import months, rosters
from producers.synth.enterprise_register import row_of
from producers.synth.lines import Line
from producers.synth.stories.stage import Stage, Story


class Merger(Story):
    """Twenty workers go over to an enterprise of twenty-one; two spells are forgotten at the dissolved one."""

    def found(self, stage: Stage) -> None:
        """Both without a union: the alert is inherited, or new."""
        self.old, self.successor = stage.cast(20), stage.cast(21)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Act 1: seventeen change over on paper, one is only reported by the successor, one by nobody, one leaves."""
        if act != 1:
            return
        crew = list(self.old.crew)
        leaves = [stage.leave(person, month, "GD") for person in crew[:17]]
        stage.city.dismiss(crew[17], declared=False)
        stage.city.dismiss(crew[18], declared=False)
        leaves.append(stage.leave(crew[19], month))
        for person in crew[:18]:
            stage.city.hire(person, self.successor)
        self.successor.peak = len(self.successor.crew)
        stage.desk.file(self.old, leaves)
        stage.desk.file(self.successor, [Line(person, "TD", month) for person in crew[:18]])
        self.old.dissolved_on = on = stage.day(month, 20)
        row = row_of(self.old, effective_on=on, dissolved_on=on, successors=[self.successor])
        stage.enterprises.add(month, row)
        stage.ledger.trap("merged-into-successor", tax_code=self.old.tax_code)
        stage.ledger.trap("spell-left-at-dissolved", tax_code=self.old.tax_code)


class Split(Story):
    """Thirty workers with a union become twenty-one and nine without one: members all the same."""

    def found(self, stage: Stage) -> None:
        """The successors are registered for act 1."""
        since = stage.day(stage.city.first + 1, 1)
        self.old = stage.cast(30, members=28)
        self.parts = [stage.cast(0, since=since), stage.cast(0, since=since)]
        for part in self.parts:
            part.baseline = "none"

    def play(self, stage: Stage, act: int, month: int) -> None:
        """The predecessor reports all as gone, each successor sends a roster that claims no completeness."""
        if act != 1:
            return
        crew = list(self.old.crew)
        stage.desk.file(self.old, [stage.leave(person, month, "GD") for person in crew])
        for part, people in zip(self.parts, (crew[:21], crew[21:]), strict=True):
            for person in people:
                stage.city.hire(person, part)
            part.baseline, part.peak = "partial", len(people)
            path = stage.out / "rosters" / f"sau_{months.iso(month)}_chia-tach_{part.tax_code}.csv"
            listed = [(person, month) for person in people]
            rosters.write_later(path, stage.out, stage.city, stage.ledger, part, listed, stage.day(month, 1))
        self.old.dissolved_on = on = stage.day(month, 2)
        row = row_of(self.old, effective_on=on, dissolved_on=on, successors=self.parts)
        stage.enterprises.add(month, row)
        stage.ledger.trap("split-in-two", tax_code=self.old.tax_code)
