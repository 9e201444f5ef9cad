"""Rows out of a JSON body, checked for their shape; and the same rows as the CSV that the intake reads."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from producers.http.decoding import SHOWN, decoded
from producers.http.feeds import Feed
from producers.http.limits import Limits
from producers.http.problems import Problem
from producers.readers import FeedKind, Row
from producers.readers.texts import clean
from producers.validate.d02 import names_a_dossier
from producers.validate.options import names_a_replaced
from producers.validate.unitnames import names_a_unit

OPTIONS = ("unit", "dossier", "replaces")
OPTION_CHARS = 200
HEAD_ROWS = 2
"""Rows of ``Batch.as_csv`` above the first item: header and column numbers."""


@dataclass(frozen=True, slots=True)
class Batch:
    """``rows``: canonical name → text, as a reader gives them. ``unit``, ``dossier``, ``replaces``: as of ``mobility
    ingest``."""

    rows: list[dict[str, str]]
    unit: str = ""
    dossier: str = ""
    replaces: str = ""

    def read(self) -> list[Row]:
        """The rows as the reader of their CSV will give them."""
        return [Row(values["line"], f"rows[{number}]", values) for number, values in enumerate(self.rows)]

    def as_csv(self, feed: Feed) -> bytes:
        """UTF-8, all columns of the feed, in their order: the same rows always give the same bytes.

        A row of column numbers follows the header, as in printed forms. Readers pass over it, and then never take the
        first row for one, whatever it says.
        """
        text = io.StringIO()
        names = [field.name for field in feed.fields]
        writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow(names)
        writer.writerow(range(1, len(names) + 1))
        writer.writerows([[values.get(name, "") for name in names] for values in self.rows])
        return text.getvalue().encode()


def parse_row(raw: bytes, feed: Feed, limits: Limits) -> Batch:
    """A body that is one row. ``Problem``."""
    values = decoded(raw, {field.name for field in feed.fields})
    if not isinstance(values, dict):
        raise Problem("bad-shape", shape="{…}")
    rows = _checked([values], feed, limits, "")
    if feed.kind is FeedKind.ROSTER and rows[0].get("complete", "").casefold() not in ("", "no", "không", "khong"):
        raise Problem("complete-alone", ("complete",))
    return Batch(rows)


def parse_batch(raw: bytes, feed: Feed, limits: Limits) -> Batch:
    """A body ``{"rows": [{…}, …], "unit": …, "dossier": …, "replaces": …}``. ``Problem``."""
    said = decoded(raw, {"rows", *OPTIONS, *(field.name for field in feed.fields)})
    shape = '{"rows": [{…}, …], "unit", "dossier", "replaces"}'
    if not isinstance(said, dict) or set(said) - {"rows", *OPTIONS}:
        raise Problem("bad-shape", shape=shape)
    rows = said.get("rows")
    if not isinstance(rows, list) or not rows:
        raise Problem("bad-shape", ("rows",), shape=shape)
    if len(rows) > limits.rows:
        raise Problem("many-rows", limit=limits.rows)
    options = {}
    for name in OPTIONS:
        value = said.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > OPTION_CHARS):
            raise Problem("bad-rows", (name,), chars=OPTION_CHARS)
        options[name] = " ".join(clean(value or "").split())
    check_options(**options)
    return Batch(_checked(rows, feed, limits, "rows"), **options)


def check_options(unit: str, dossier: str, replaces: str) -> None:
    """``Problem`` ``bad-unit``, ``bad-dossier`` for what could be a name or a person's number, by the rules for rows:
    options are kept in clear."""
    if unit and not names_a_unit(unit):
        raise Problem("bad-unit", ("unit",))
    if dossier and not names_a_dossier(dossier, None):
        raise Problem("bad-dossier", ("dossier",))
    if replaces and not names_a_replaced(replaces):
        raise Problem("bad-dossier", ("replaces",))


def _checked(rows: list[Any], feed: Feed, limits: Limits, where: str) -> list[dict[str, str]]:
    """Clean texts of the known fields. The positions of everything that is none are told together."""
    known = {field.name: field.yes_no for field in feed.fields}
    wrong: list[str] = []
    blank: list[str] = []
    lineless: list[str] = []
    found = []
    for number, row in enumerate(rows):
        place = f"{where}[{number}]" if where else ""
        if not isinstance(row, dict):
            wrong.append(place)
            continue
        values: dict[str, str] = {}
        for position, (name, value) in enumerate(row.items()):
            if name not in known:
                wrong.append(f"{place}.({position + 1})".lstrip("."))
            elif value is None:
                continue
            elif type(value) is str and len(value) <= limits.value_chars:
                if text := clean(value):
                    values[name] = text
            elif type(value) is bool and known[name]:
                values[name] = "yes" if value else "no"
            else:
                wrong.append(f"{place}.{name}".lstrip("."))
        if not values.keys() - {"line"}:
            blank.append(place)
        if "line" not in values:
            lineless.append(f"{place}.line".lstrip("."))
            values["line"] = str(number + 1)
        found.append(values)
    if wrong:
        raise Problem("bad-rows", tuple(wrong[:SHOWN]), chars=limits.value_chars)
    if blank:
        raise Problem("empty-row", tuple(one for one in blank[:SHOWN] if one))
    if lineless and feed.kind is FeedKind.D02:
        raise Problem("line-needed", tuple(lineless[:SHOWN]))
    return found
