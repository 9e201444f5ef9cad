"""Damage to files as a whole: containers, entities, bombs, links, old formats. Each: ``case(rng, folder) -> path``."""

import base64
import io
import os
import random
import zipfile
from pathlib import Path

from tests.fixtures import d02_xml, encrypted_workbook, envelope, workers
from tests.hostile.damage import FIRM, dossier, flipped, injured, old_book, put, repacked, sound_files

_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = (_SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
_BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
_OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>'


def container_broken(rng: random.Random, folder: Path) -> Path:
    """Directory of a ZIP injured: sizes, names, offsets, checksums."""
    data = bytearray(sound_files(folder)[rng.choice(("workbook", "zip"))])
    start = data.rfind(b"PK\x01\x02") if rng.random() < 0.5 else data.rfind(b"PK\x05\x06")
    for _ in range(rng.randint(1, 4)):
        at = min(len(data) - 1, start + rng.randrange(46))
        data[at] = rng.randrange(256)
    return put(folder, "container.zip", bytes(data))


def entities(rng: random.Random, folder: Path) -> Path:
    """Entity bombs and outside entities, in a form, in an envelope, in its inner file, in a workbook's part."""
    doctype = rng.choice((_BOMB, _OUTSIDE)).encode()

    def armed(content: bytes) -> bytes:
        at = content.find(b"?>") + 2
        return content[:at] + doctype + content[at:].replace("Nguyễn".encode(), b"&c;").replace(b"<v>", b"<v>&c;", 1)

    form = d02_xml(workers(3))
    match rng.randrange(4):
        case 0:
            return put(folder, "entity.xml", armed(form))
        case 1:
            return put(folder, "entity-envelope.xml", armed(envelope([("D02.xml", form)], tax_code=FIRM)))
        case 2:
            return put(folder, "entity-inner.xml", envelope([("D02.xml", armed(form))], tax_code=FIRM))
    return put(folder, "entity.xlsx", repacked(sound_files(folder)["workbook"], rng.choice(_PARTS), armed))


def bombs(rng: random.Random, folder: Path) -> Path:
    """A little file that unpacks to much: in a ZIP, in a workbook's part, in many members."""
    much = rng.randrange(20, 90) << 20
    if rng.random() < 0.4:
        rows = b'<row r="9"><c r="A9"><v>1</v></c></row>' * (much // 40)
        book = sound_files(folder)["workbook"]
        return put(
            folder, "bomb.xlsx", repacked(book, _SHEET, lambda i: i.replace(b"</sheetData>", rows + b"</sheetData>"))
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        if rng.random() < 0.5:
            book.writestr("a.csv", b"0" * much)
        else:
            for number in range(2_500):
                book.writestr(f"{number}.csv", b"x")
    return put(folder, "bomb.zip", out.getvalue())


def odd_archives(rng: random.Random, folder: Path) -> Path:
    """ZIPs in ZIPs, links, paths that climb out, two members of one name, odd packing, a password flag."""
    out = io.BytesIO()
    sound = sound_files(folder)
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))) as book:
        book.writestr("inner.zip", sound["zip"])
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        book.writestr(link, "/etc/passwd")
        book.writestr(rng.choice(("../../out.csv", "/etc/x.csv", "C:\\x.csv", "a\nb.csv", "con.csv")), sound["csv"])
        book.writestr("folder/", b"")
        book.writestr("same.xml", sound["xml"])
    data = out.getvalue()
    if rng.random() < 0.2:
        data = data.replace(b"same.xml", b"link.csv")
    return put(folder, "odd.zip", data)


def special_files(rng: random.Random, folder: Path) -> Path:
    """Links to a file, to nothing, to themselves; a folder, a pipe, an endless device, an empty file."""
    path = folder / "special.csv"
    match rng.randrange(7):
        case 0:
            path.symlink_to(put(folder, "target.csv", dossier(rng).encode()))
        case 1:
            path.symlink_to(folder / "nothing")
        case 2:
            path.symlink_to(path)
        case 3:
            path.mkdir()
        case 4:
            os.mkfifo(path)
        case 5:
            path.symlink_to("/dev/zero")
        case _:
            path.touch()
    return path


def old_formats(rng: random.Random, folder: Path) -> Path:
    """BIFF workbooks, sound and injured; encrypted containers."""
    book = old_book()
    content = rng.choice(
        (book, injured(book, rng), flipped(book, rng), encrypted_workbook(), injured(encrypted_workbook(), rng))
    )
    return put(folder, rng.choice(("old.xls", "old.xlsx", "old.csv")), content)


def truncated(rng: random.Random, folder: Path) -> Path:
    """Any sound file, cut anywhere."""
    kinds = sound_files(folder)
    content = kinds[rng.choice(sorted(kinds))]
    return put(folder, "cut.bin", content[: rng.randint(1, len(content) - 1)])


def bytes_changed(rng: random.Random, folder: Path) -> Path:
    """Any sound file with injuries, or with single bits turned over."""
    kinds = sound_files(folder)
    kind = rng.choice(sorted(kinds))
    return put(folder, f"bytes-{kind}.bin", rng.choice((injured, flipped))(kinds[kind], rng))


def parts_changed(rng: random.Random, folder: Path) -> Path:
    """A part of a workbook injured behind sound checksums."""
    book = sound_files(folder)[rng.choice(("workbook", "union-list"))]
    return put(folder, "parts.xlsx", repacked(book, rng.choice(_PARTS), lambda inner: injured(inner, rng)))


def envelopes(rng: random.Random, folder: Path) -> Path:
    """Envelopes whose inner file is injured, of another kind, or not what it is said to be."""
    form = d02_xml(workers(3))
    inner = rng.choice((injured(form, rng), sound_files(folder)["workbook"], dossier(rng).encode(), b"", form * 2))
    whole = envelope([("D02.xml", inner), ("D02.xml", form)], tax_code=rng.choice((FIRM, "0200000109", "x")))
    if rng.random() < 0.3:
        whole = whole.replace(base64.b64encode(inner), base64.b64encode(inner)[:-3] + b"!!!")
    return put(folder, "envelope.xml", whole)
