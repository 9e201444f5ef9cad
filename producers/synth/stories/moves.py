"""Moves between enterprises and between unions, as they get known."""

from producers.synth.lines import Line
from producers.synth.stories.stage import Stage, Story


class CardShown(Story):
    """Three members come to another union; their old employer reports one of them, the new one two, the union all."""

    def found(self, stage: Stage) -> None:
        """Two employers with a union each."""
        self.old, self.new = stage.cast(12, members=12), stage.cast(10, members=10)
        self.people = list(self.old.crew[:3])

    def play(self, stage: Stage, act: int, month: int) -> None:
        """The employers file in act 0, the receiving union in act 1."""
        declared, half = self.people[:2]
        if act == 0:
            stage.desk.file(self.old, [stage.leave(declared, month, "GD", "transfer-declared-by-both")])
            stage.city.dismiss(half, declared=False)
            for person in (declared, half):
                stage.city.hire(person, self.new)
            lines = [Line(declared, "TD", month), Line(half, "TM", month, trap="transfer-declared-by-receiver")]
            stage.desk.file(self.new, lines)
        elif act == 1:
            for person in self.people:
                stage.membership.write(person, "transferred_in", self.new.unions[0], month, day=9)
            stage.ledger.trap("transfer-declared-by-union-only", tax_code=self.old.tax_code)


class Memberships(Story):
    """Every way to stop being an active member, and two ways back."""

    def found(self, stage: Stage) -> None:
        """Eight, all members."""
        self.unit = stage.cast(8, members=8)
        self.people = list(self.unit.crew)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Out in act 0, two back in act 1; all keep their work."""
        union = self.unit.unions[0]
        if act == 0:
            for person, change in zip(
                self.people, ("suspended", "suspended", "left", "struck_off", "retired"), strict=False
            ):
                stage.membership.write(person, change, union, month, day=11)
        elif act == 1:
            stage.membership.write(self.people[0], "reinstated", union, month, day=6)
            stage.membership.write(self.people[2], "admitted", union, month, day=7)
