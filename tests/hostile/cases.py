"""What a hostile or unlucky sender can put into a file, each as ``case(rng, folder) -> path``; all seeded."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.hostile import containers, contents

Case = Callable[[random.Random, Path], Path]

CASES: dict[str, Case] = {
    case.__name__: case
    for case in (
        containers.container_broken,
        containers.entities,
        containers.bombs,
        containers.odd_archives,
        containers.special_files,
        containers.old_formats,
        containers.truncated,
        containers.bytes_changed,
        containers.parts_changed,
        containers.envelopes,
        contents.sheets,
        contents.encodings,
        contents.letters,
        contents.dates,
        contents.headers,
        contents.wide,
        contents.repeated,
    )
}
WEIGHTS = {"bytes_changed": 6, "parts_changed": 4, "container_broken": 2, "truncated": 2, "bombs": 0.3, "sheets": 2}
"""How often a case is drawn; 1 for those not named."""
