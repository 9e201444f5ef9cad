"""The synthetic city: real files in every format that the intake reads, and the counts that must come out.

``generate(out, size="demo", seed=1)`` writes a folder, ``files(out)`` names its files in the order of intake.
Persons, firms and numbers are made up; identifiers are well-formed and belong to nobody in particular.
"""

from producers.synth.expected import EnterpriseCount, Expected, Totals
from producers.synth.generate import EXPECTED, Progress, files, generate
from producers.synth.ledger import FileCount, RefusedLine, Trap
from producers.synth.sizes import SIZES, CitySize

__all__ = [
    "EXPECTED",
    "SIZES",
    "CitySize",
    "EnterpriseCount",
    "Expected",
    "FileCount",
    "Progress",
    "RefusedLine",
    "Totals",
    "Trap",
    "files",
    "generate",
]
