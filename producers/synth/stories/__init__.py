"""Stories: what every generated city holds, whatever its size, so that a demo shows it and a test finds it."""

from producers.synth.stories.covers import GainsUnion, JointUnion, LosesUnion
from producers.synth.stories.endings import Merger, Split
from producers.synth.stories.growth import FalseStart, FutureStart, GrowsPastNineteen, PublicUnit, Shrinks
from producers.synth.stories.moves import CardShown, Memberships
from producers.synth.stories.papers import (
    BrokenRegisters,
    BrokenRows,
    Conflict,
    Corrections,
    SameFactTwice,
    VoluntaryForms,
)
from producers.synth.stories.stage import Stage, Story
from producers.synth.stories.work import BeforeBaseline, Branches, Health, Reconciled

STORIES: tuple[type[Story], ...] = (
    *(GrowsPastNineteen, FalseStart, FutureStart, PublicUnit, Shrinks, LosesUnion, GainsUnion, JointUnion),
    *(Merger, Split, CardShown, Memberships, Branches, Health, BeforeBaseline, Reconciled),
    *(SameFactTwice, Conflict, Corrections, VoluntaryForms, BrokenRows, BrokenRegisters),
)

__all__ = ["STORIES", "Stage", "Story"]
