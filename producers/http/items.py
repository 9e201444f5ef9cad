"""Rows of a post under the names that its sender knows: items of the batch, not rows of the file made of them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from producers.http.rows import HEAD_ROWS
from producers.readers import Reading, Row, RowRefused

ROW = "row "


def by_item(reading: Reading) -> Reading:
    """The reading of the CSV of a post (``Batch.as_csv``): the place of each row is ``item 3``, counted from 1; of a
    post that is one row there is none to tell apart, so the field says all."""
    return replace(reading, rows=_by_item(reading.rows))


def _by_item(rows: Iterator[Row | RowRefused]) -> Iterator[Row | RowRefused]:
    first = list(islice(rows, 2))
    for row in chain(first, rows):
        number = int(row.place.removeprefix(ROW)) - HEAD_ROWS
        place = f"item {number}" if len(first) > 1 or number > 1 else ""
        if isinstance(row, RowRefused):
            said = row.message.removeprefix(row.place).removeprefix(": ")
            line = str(number) if row.place == ROW + row.line else row.line
            yield replace(row, line=line, place=place, message=f"{place}: {said}" if place else said)
        else:
            row.place = place
            yield row
