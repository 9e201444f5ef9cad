"""Small injuries to bytes, and the sound files that they are done to."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.fixtures import (
    REGISTERS,
    TK1,
    csv_text,
    d02_csv,
    d02_xml,
    envelope,
    workers,
    write_d02_workbook,
    write_union_list,
    xls,
)

FIRM = "0200000102"
"""A tax code with a right check digit, in the place of the fixtures' own."""

_WORDS = "Không Một Hai Ba Bốn Năm Sáu Bảy Tám Chín".encode().split()
_TELLING = (b"\0", b'"', b"\xff\xff\xff\xff", b"<", b"&x;", b"\n", b",", b"\x80", b"]]>")


def injured(content: bytes, rng: random.Random) -> bytes:
    """One to eight small injuries: flipped, cut, doubled, moved, or exchanged for telling bytes. Never empty."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        if not data:
            break
        at = rng.randrange(len(data))
        end = min(len(data), at + rng.randint(1, 40))
        match rng.randrange(6):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * rng.randint(1, 4)
            case 3:
                data[at:end] = rng.choice(_TELLING)
            case 4:
                data[at:end] = rng.randbytes(end - at)
            case _:
                del data[max(at, 1) :]
    return bytes(data) or b"x"


def flipped(content: bytes, rng: random.Random) -> bytes:
    """One to three bits turned over, nothing else: most of the file still reads."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def repacked(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The ZIP written anew with one part changed, so that its checksums are right and its reader meets the change."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            inner = old.read(name)
            new.writestr(name, change(inner) if name == part else inner)
    return out.getvalue()


def old_book(rows: int = 5) -> bytes:
    """A BIFF8 workbook of that many starts."""
    head = ["STT", "HoTen", "MasoBHXH", "PA", "TuThang", "tax_code", "dossier_no"]
    said = [[n, f"Lê {n}", 116_000_000 + n, "TM", "01/2026", FIRM, "HS-XLS"] for n in range(1, rows + 1)]
    return xls("Sheet1", [head, *said])


def _workbook(folder: Path) -> bytes:
    return write_d02_workbook(folder / "sound.xlsx", workers(6), dummy=True, leftovers=True).read_bytes()


def _union(folder: Path) -> bytes:
    member = ["1", 123456789012, "Lê B", "", "05/03/1990", "HP", 6, 31185001234, "05/03/2020"]
    return write_union_list(folder / "sound-union.xlsx", [member]).read_bytes()


def _files(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a/D02.csv", firm(d02_csv(workers(4), dossier="HS-Z1").encode()))
        book.writestr("b/D02.xml", d02_xml(workers(2)))
        book.writestr("registers/u.csv", firm(REGISTERS["union-register"].encode()))
    return out.getvalue()


def firm(content: bytes) -> bytes:
    """The fixture's tax code exchanged for one that is valid, and its numbered names for names."""
    content = content.replace(b"0200123456", FIRM.encode())
    return re.sub(
        "Nguyễn Văn Số ([1-9])".encode(), lambda found: "Nguyễn Văn Số ".encode() + _WORDS[int(found[1])], content
    )


def sound_files(folder: Path) -> dict[str, bytes]:
    """One sound file of every kind that is read; ``folder`` is for the writers of workbooks."""
    envelope_of_two = envelope([("D02.xml", d02_xml(workers(2))), ("TK1.xml", TK1)], tax_code=FIRM)
    found = {
        "csv": firm(d02_csv(workers(8)).encode()),
        "csv-semicolon-utf-16": firm(d02_csv(workers(8), delimiter=";").encode()).decode().encode("utf-16"),
        "csv-quoted": csv_text([['tax_code"', "a\nb"], ["x", "y"]]).encode() + firm(d02_csv(workers(3)).encode()),
        "xml": d02_xml(workers(4)),
        "envelope": envelope_of_two,
        "workbook": _workbook(folder),
        "union-list": _union(folder),
        "xls": old_book(),
        "zip": _files(folder),
    }
    return found | {name: firm(text.encode()) for name, text in REGISTERS.items()}


def put(folder: Path, name: str, content: bytes) -> Path:
    """The bytes as a file of that name."""
    path = folder / name
    path.write_bytes(content)
    return path


def dossier(rng: random.Random, count: int = 6) -> str:
    """A sound D02 as CSV, under a number of its own."""
    return firm(d02_csv(workers(count), dossier=f"HS-{rng.randrange(10**9)}").encode()).decode()
