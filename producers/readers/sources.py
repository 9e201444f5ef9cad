"""One file on disk before anybody trusts it: its digest, its text encoding, its first bytes, and what they say."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from producers.readers.model import Limits
from producers.readers.refusals import FileRefused

CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"\x7fELF", "ELF"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
)
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Source:
    """A file to read. ``name`` is what messages call it; ``outer_sha256`` is that of the file that a person sent."""

    path: Path
    name: str
    sha256: str
    outer_sha256: str
    size: int
    mtime_ns: int
    head: bytes  # first 4,096 bytes
    utf8: str  # "yes", "no", or "cut": valid but for an unfinished last character
    nul: bool
    signed: bool  # a Signature element seems to be there
    depth: int = 0  # 1 inside a ZIP

    @property
    def encoding(self) -> str:
        """Codec by mark, else utf-8 where valid, else "" (unknown, perhaps windows-1258)."""
        marked = next((codec for mark, codec in BOMS if self.head.startswith(mark)), "")
        return marked or ("utf-8" if self.utf8 == "yes" else "")

    def unchanged(self) -> bool:
        """Whether size and time of the file are still those of the survey."""
        now = self.path.stat()
        return (now.st_size, now.st_mtime_ns) == (self.size, self.mtime_ns)


def survey(path: Path, name: str, limits: Limits, *, outer_sha256: str = "", depth: int = 0) -> Source:
    """Read the file once, in bounded memory. Raises FileRefused for what is missing, empty, too big or no file."""
    try:
        if not path.is_file():
            raise FileRefused("not-a-file" if path.exists() else "missing-file", name)
        stat = path.stat()
        if stat.st_size > limits.max_file_bytes:
            raise FileRefused("too-big", name, limit=limits.max_file_bytes)
        digest = hashlib.sha256()
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        head, last, utf8, nul, signed = b"", b"", "yes", False, False
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                if not head:
                    head = chunk[:4096]
                    textual = not head.startswith((b"PK", _OLE))
                if textual:
                    nul = nul or b"\0" in chunk
                    signed = signed or b"Signature" in last + chunk
                    last = chunk[-16:]
                    if utf8 == "yes":
                        try:
                            decoder.decode(chunk)
                        except UnicodeDecodeError:
                            utf8 = "no"
        if not head:
            raise FileRefused("empty", name)
    except OSError:
        raise FileRefused("missing-file", name) from None
    if utf8 == "yes" and decoder.getstate()[0]:
        utf8 = "cut"
    sha256 = digest.hexdigest()
    return Source(
        path, name, sha256, outer_sha256 or sha256, stat.st_size, stat.st_mtime_ns, head, utf8, nul, signed, depth
    )


def shape_of(source: Source) -> str:
    """``zip``, ``ole``, ``xml`` or ``text`` by first bytes. Raises FileRefused for formats that are not read here."""
    head = source.head
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise FileRefused("unknown-format", source.name, what=what)
    if head[:4].startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02")):
        raise FileRefused("unknown-format", source.name, what="Excel 2-5")
    opening = head[:512].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if opening[:14].lower().startswith((b"<!doctype html", b"<html", b"<table")):
        raise FileRefused("unknown-format", source.name, what="HTML")
    return "xml" if opening.startswith(b"<") else "text"


def is_encrypted(source: Source) -> bool:
    """Whether an OLE container holds an encrypted workbook (stream ``EncryptedPackage``)."""
    wanted = "EncryptedPackage".encode("utf-16-le")
    last = b""
    with source.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if wanted in last + chunk:
                return True
            last = chunk[-64:]
    return False
