"""Cover that comes and goes."""

from producers.synth.stories.stage import Stage, Story


class LosesUnion(Story):
    """The union of 21 workers is dissolved, its members having left the day before: an alert."""

    def found(self, stage: Stage) -> None:
        """Twenty-one, twelve of them members."""
        self.unit = stage.cast(21, members=12)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """It ends in the middle of act 1."""
        if act != 1:
            return
        union = stage.city.unions[self.unit.unions.pop()]
        for person in self.unit.crew[:12]:
            stage.membership.write(person, "left", union.number, month, day=14)
        union.dissolved_on = stage.day(month, 15)
        stage.unions.dissolved(month, union)
        stage.ledger.trap("loses-union", tax_code=self.unit.tax_code)


class GainsUnion(Story):
    """21 workers found a union: the alert is resolved."""

    def found(self, stage: Stage) -> None:
        """Twenty-one, no union."""
        self.unit = stage.cast(21)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """Founded in act 1; fifteen are admitted ten days later."""
        if act != 1:
            return
        union = stage.founder.union(self.unit, founded_on=stage.day(month, 10))
        stage.unions.founded(month, union)
        for person in self.unit.crew[:15]:
            stage.membership.write(person, "admitted", union.number, month, day=20)
        stage.ledger.trap("gains-union", tax_code=self.unit.tax_code)


class JointUnion(Story):
    """One union for three employers: one whole, one left out later, one by a branch alone (partial cover covers)."""

    def found(self, stage: Stage) -> None:
        """Three of twenty."""
        self.whole, self.left_out, self.partly = (stage.cast(20) for _ in range(3))
        self.union = stage.founder.union(self.whole, self.left_out, self.partly)
        self.union.covers[2] = f"{self.partly.tax_code}-001"
        for person in self.whole.crew[:10]:
            stage.city.join(person, self.union.number)
        stage.ledger.trap("partial-cover", tax_code=self.partly.tax_code)

    def play(self, stage: Stage, act: int, month: int) -> None:
        """The register restates the cover in act 1 and names one employer no more."""
        if act == 1:
            self.union.covers.remove(self.left_out.tax_code)
            self.left_out.unions.remove(self.union.number)
            stage.unions.restated(month, self.union, stage.day(month, 5))
            stage.ledger.trap("left-out-of-cover", tax_code=self.left_out.tax_code)
