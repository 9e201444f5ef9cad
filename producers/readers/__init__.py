"""Feed readers: hostile or honest files in, typed rows out.

    with open_readings(Path("dossier.xml")) as readings:
        for reading in readings:
            for row in reading.rows:      # Row or RowRefused, in the file's order, in bounded memory
                ...

``next(readings)`` and ``reading.rows`` raise FileRefused, whose ``str()`` names file, place and next step; then nothing
of that reading may be used. Only canonical columns come out: salary, household, clinic, ethnicity and notes are dropped
here. Codes, identity and business rules are not judged here.
"""

from producers.readers.dates import parse_day, parse_month
from producers.readers.model import DEFAULT_LIMITS, FeedKind, Limits, Reading, Row, RowRefused
from producers.readers.opening import Readings, open_readings
from producers.readers.refusals import FileRefused

__all__ = [
    "DEFAULT_LIMITS",
    "FeedKind",
    "FileRefused",
    "Limits",
    "Reading",
    "Readings",
    "Row",
    "RowRefused",
    "open_readings",
    "parse_day",
    "parse_month",
]
