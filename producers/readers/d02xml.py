"""The bare form ``D02-TS…xml``: one LaoDong element a row, streamed. It holds no unit code."""

import re
from collections.abc import Iterator

from producers.readers.model import FeedKind, Limits, Reading, Row, RowRefused
from producers.readers.persons import finish_d02
from producers.readers.refusals import refuse_row
from producers.readers.sources import Source
from producers.readers.texts import clean
from producers.readers.vocabulary import name_of
from producers.readers.xmlwalk import TooMuch, walk

_ROOT = re.compile(r"(D02|D05|DK05)-(TS|LT)\Z")
_ROW = "LaoDong"
_MAX_NAMES = 10_000  # the real form has 45


def form_of_root(root: str) -> str:
    """``D02``, ``D05`` or ``DK05`` of a root element such as ``D02-TS``; "" for any other."""
    found = _ROOT.match(root)
    return found.group(1) if found else ""


def open_d02_xml(source: Source, form: str, limits: Limits) -> Reading:
    """The reading of a bare form; a form that a person sends without its envelope has no dossier and no unit."""
    return Reading(
        kind=FeedKind.D02,
        file=source.name,
        sha256=source.outer_sha256,
        part_sha256=source.sha256,
        form=form,
        signed=source.signed,
        rows=_rows(source, form, limits),
    )


class _Names(dict[str, str]):
    """Tag as parsed -> canonical name; "" for what is dropped, so that its text is never kept."""

    def __missing__(self, tag: str) -> str:
        if len(self) >= _MAX_NAMES:
            raise TooMuch(f"{_MAX_NAMES} element names")
        local = tag.rpartition("}")[2]
        name = local if local in (_ROW, "ID") else name_of(FeedKind.D02, local) or ""
        self[tag] = name
        return name


class _Workers:
    """Gathers the fields of each LaoDong; everything else in the tree is passed over.

    The three callbacks run for every one of some 45 elements a row: they are closures, and do as little as they can.
    """

    def __init__(self, limits: Limits) -> None:
        self.done: list[tuple[dict[str, str], str]] = []  # values, and the element that was stated twice
        names, most, longest = _Names(), limits.max_xml_depth, limits.max_value_chars
        values: dict[str, str] = {}
        pieces: list[str] = []
        field = twice = ""
        depth = row_depth = size = 0

        def start(tag: str, _: list[str]) -> None:
            nonlocal depth, row_depth, field, values, twice
            depth += 1
            name = names[tag]
            if name == _ROW:
                values, twice, row_depth, name = {}, "", depth, ""
            elif depth > most:
                raise TooMuch(f"depth {most}")
            field = name if row_depth else ""
            if pieces:
                pieces.clear()

        def data(text: str) -> None:
            nonlocal size
            if field:
                size = size + len(text) if pieces else len(text)
                if size > longest:
                    raise TooMuch(f"{longest} characters")
                pieces.append(text)

        def end(_: str) -> None:
            nonlocal depth, row_depth, field, twice
            if pieces:
                text = clean("".join(pieces))
                pieces.clear()
                if text and values.setdefault(field, text) != text:
                    twice = field
            elif depth == row_depth:
                self.done.append((values, twice))
                row_depth = 0
            field = ""
            depth -= 1

        self.start, self.data, self.end = start, data, end


def _rows(source: Source, form: str, limits: Limits) -> Iterator[Row | RowRefused]:
    workers = _Workers(limits)
    inner = source.name.rpartition("/")[2]
    number = 0
    for _ in walk(source.path, source.name, workers):
        done, workers.done = workers.done, []
        for values, twice in done:
            number += 1
            place = f"LaoDong {number} of {inner}"
            identity = values.pop("ID", "")
            line = values.get("line") or identity or str(number)
            if not values:
                continue
            if twice:
                yield refuse_row("stated-twice", line, place, twice, values, what=twice)
                continue
            finish_d02(values, form)
            yield Row(line, place, values)
