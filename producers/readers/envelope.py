"""The envelope ``BHXHDienTu.xml``: who files which procedure, and its forms as base64 inside.

Inner files are decoded to disk piece by piece, so a large dossier needs no more memory than a small one.
"""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from producers.readers.d02xml import form_of_root, open_d02_xml
from producers.readers.dates import parse_day, parse_month
from producers.readers.harmless import is_harmless
from producers.readers.model import Limits, Reading
from producers.readers.notes import note
from producers.readers.refusals import FileRefused
from producers.readers.sources import Source, survey
from producers.readers.texts import clean, shown
from producers.readers.xmlwalk import TooMuch, root_of, walk

_UNIT = {"MaSoBHXH": "unit_code", "MaSoThue": "tax_code"}
_DOSSIER = {"MaThuTuc": "procedure", "KyKeKhai": "period", "NgayLap": "made_on", "SoHoSo": "number"}
_MAX_TEXT = 10_000
_BASE64_STEP = 1 << 16  # a multiple of 4


@dataclass
class _Inner:
    """One FileToKhai: its fields, and the file decoded so far."""

    path: Path
    fields: dict[str, str] = field(default_factory=dict)
    characters: int = 0  # of the base64 text without white space
    spaced: int = 0  # with the white space between its lines
    broken: bool = False


class _Contents:
    """Gathers the envelope's statements; NoiDungFile flows to disk."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.said: dict[str, str] = {}
        self.inner: list[_Inner] = []
        self.signed = False
        self._folder = folder
        self._limits = limits
        self._path: list[str] = []
        self._text = ""
        self._pending = ""
        self._out: IO[bytes] | None = None
        self._bytes = 0

    def start(self, tag: str, _: list[str]) -> None:
        """An element opens."""
        local = tag.rpartition("}")[2]
        self._path.append(local)
        self._text = ""
        if len(self._path) > self._limits.max_xml_depth:
            raise TooMuch(f"depth {self._limits.max_xml_depth}")
        if local == "FileToKhai":
            if len(self.inner) >= self._limits.max_members:
                raise TooMuch(f"{self._limits.max_members} files")
            self.inner.append(_Inner(self._folder / f"{len(self.inner)}.part"))
        elif local == "NoiDungFile" and self.inner:
            self.close()
            self._out = self.inner[-1].path.open("wb")
            self._pending = ""
        elif local == "Signature":
            self.signed = True

    def data(self, text: str) -> None:
        """Text of a field, or a piece of a file."""
        if self._out is None:
            if self._path and len(self._text) <= _MAX_TEXT:
                self._text += text
            return
        inner = self.inner[-1]
        packed = "".join(text.split())
        inner.characters += len(packed)
        inner.spaced += len(text)
        if inner.characters > self._limits.max_inner_bytes:
            raise TooMuch(f"{self._limits.max_inner_bytes} characters")
        self._pending += packed
        if len(self._pending) >= _BASE64_STEP:
            self._decode(len(self._pending) // 4 * 4)

    def end(self, tag: str) -> None:
        """An element closes: its text is known."""
        local = self._path.pop()
        if self._out is not None and local == "NoiDungFile":
            self._decode(len(self._pending))
            self.close()
        elif "FileToKhai" in self._path[-1:]:
            self.inner[-1].fields.setdefault(local, clean(self._text))
        else:
            within = self._path[-1] if self._path else ""
            known = _UNIT if within == "ThongTinDonVi" else _DOSSIER if within == "ThongTinHoSo" else {}
            if local in known:
                self.said.setdefault(known[local], clean(self._text))
        self._text = ""

    def _decode(self, length: int) -> None:
        piece, self._pending = self._pending[:length], self._pending[length:]
        if self._out is None or self.inner[-1].broken:
            return
        try:
            decoded = base64.b64decode(piece, validate=True)
        except (binascii.Error, ValueError):
            self.inner[-1].broken = True
            return
        self._bytes += len(decoded)
        if self._bytes > self._limits.max_unpacked_bytes:
            raise TooMuch(f"{self._limits.max_unpacked_bytes} byte")
        self._out.write(decoded)

    def close(self) -> None:
        """Close the part that is being written, if any."""
        if self._out is not None:
            self._out.close()
            self._out = None


def dossier_of(said: dict[str, str]) -> tuple[str, str]:
    """(dossier, date): the stated number, else ``600/10-2026/2026-11-03``; "" where a part of it is missing."""
    made_on = parse_day(said.get("made_on", "")) or said.get("made_on", "")
    if said.get("number"):
        return said["number"], made_on
    procedure, period = said.get("procedure", ""), said.get("period", "").replace("/", "-")
    for ending in ("-595", "-959", "-166"):
        procedure = procedure.removesuffix(ending)
    return (f"{procedure}/{period}/{made_on}" if procedure and period and made_on else ""), made_on


def open_envelope(source: Source, limits: Limits) -> Iterator[Reading]:
    """One reading for each D02, D05 or DK05 form inside. Raises FileRefused where one is cut, or none is there."""
    with tempfile.TemporaryDirectory(prefix="mobility-") as folder:
        contents = _Contents(Path(folder), limits)
        try:
            for _ in walk(source.path, source.name, contents):
                continue
        finally:
            contents.close()
        dossier, made_on = dossier_of(contents.said)
        forms, notes = _forms(source, contents.inner, limits)
        if not forms:
            raise FileRefused("no-d02", source.name, what=", ".join(notes) or "-")
        for part, form in forms:
            reading = open_d02_xml(part, form, limits)
            reading.unit_code = contents.said.get("unit_code", "")
            reading.tax_code = contents.said.get("tax_code", "")
            reading.dossier, reading.dossier_date = dossier, made_on
            reading.dossier_derived = bool(dossier) and not contents.said.get("number")
            reading.period = (parse_month(contents.said.get("period", "")) or ("",))[0]
            reading.signed = contents.signed or part.signed
            reading.notes = [note("part-unread", what=name) for name in notes]
            yield reading


def _forms(source: Source, inner: list[_Inner], limits: Limits) -> tuple[list[tuple[Source, str]], list[str]]:
    """Parts that are forms read here, and the names of the others. Every part's stated length must hold."""
    forms: list[tuple[Source, str]] = []
    others: list[str] = []
    for number, part in enumerate(inner, 1):
        stated_name = part.fields.get("TenFile") or part.fields.get("MaToKhai") or f"FileToKhai {number}"
        name = shown(stated_name.replace("\\", "/").rpartition("/")[2])
        if not name or not is_harmless(name):
            name = f"FileToKhai {number}"  # a name of a file may be a person's
        full = f"{source.name}/{name}"
        length = part.fields.get("DoDaiFile", "")
        if length.isdecimal() and int(length[:12]) not in (part.characters, part.spaced):
            raise FileRefused("inner-length", full, stated=length[:12], found=part.characters)
        if part.broken:
            raise FileRefused("inner-base64", full)
        if not part.path.exists() or part.path.stat().st_size == 0:
            others.append(f"{name} (empty)")
            continue
        inside = survey(part.path, full, limits, outer_sha256=source.outer_sha256, depth=source.depth + 1)
        root = root_of(part.path, full) if inside.head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") else ""
        form = form_of_root(root)
        if form:
            forms.append((inside, form))
        else:
            others.append(f"{name} ({shown(root)})" if root and is_harmless(root) else name)
    return forms, others
