"""ZIP members read on our own terms: the central directory is judged first, then every byte as it is inflated.

``zipfile`` stops at the stated size without looking whether the packed stream goes on; a reader behind it may not
stop. So members are inflated here, and must end where they say, at the size and with the checksum that they state.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from producers.readers.model import Limits
from producers.readers.refusals import FileRefused
from producers.readers.texts import shown

_STEP = 1 << 18
_MEMBER_DIRECTORY_BYTES = 1_000  # generous size of one directory entry


def read_directory(path: Path, file: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Members but folders, in the archive's order. Raises FileRefused for bombs, passwords, odd packing, damage."""
    _check_directory_size(path, file, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError):
        raise FileRefused("cut", file) from None
    if len(members) > limits.max_members:
        raise FileRefused("zip-bomb", file, what=f"{len(members)} > {limits.max_members} files")
    names = {info.filename for info in members}
    if len(names) < len(members):
        if "[content_types].xml" in map(str.lower, names):  # of an office document nobody can rename a part
            raise FileRefused("damaged", file, what="XLSX")
        raise FileRefused("zip-twice", file)
    if any(info.flag_bits & 0x1 for info in members):
        raise FileRefused("password", file)
    if sum(info.file_size for info in members) > limits.max_unpacked_bytes:
        raise FileRefused("zip-bomb", file, what=f"> {limits.max_unpacked_bytes} byte")
    return members


def _check_directory_size(path: Path, file: str, limits: Limits) -> None:
    """Refuse a directory of millions of entries before any library makes an object of each."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise FileRefused("cut", file)
    directory: int = struct.unpack_from("<I", tail, at + 12)[0]
    if directory > limits.max_members * _MEMBER_DIRECTORY_BYTES:
        raise FileRefused("zip-bomb", file, what=f"> {limits.max_members} files")


class Inflater:
    """Inflates members of one archive under one budget of unpacked bytes."""

    def __init__(self, path: Path, file: str, limits: Limits) -> None:
        self._path = path
        self._file = file
        self._limits = limits
        self.total = 0  # bytes inflated so far

    def chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The member's bytes, 256 KiB at most each. Raises FileRefused over a limit, or where it is not as stated."""
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("zip-method", self._file, what=shown(info.filename))
        size, checksum = 0, 0
        try:
            with self._path.open("rb") as stream:
                _to_data(stream, info)
                for chunk in _inflated(stream, info):
                    size += len(chunk)
                    self.total += len(chunk)
                    checksum = zlib.crc32(chunk, checksum)
                    self._judge(info, size)
                    yield chunk
        except (zlib.error, struct.error, ValueError, EOFError, OSError):
            raise FileRefused("damaged", self._file, what=shown(info.filename)) from None
        if size != info.file_size or checksum != info.CRC:
            raise FileRefused("damaged", self._file, what=shown(info.filename))

    def _judge(self, info: zipfile.ZipInfo, size: int) -> None:
        limits = self._limits
        if self.total > limits.max_unpacked_bytes:
            raise FileRefused("zip-bomb", self._file, what=f"> {limits.max_unpacked_bytes} byte")
        if size > info.file_size:
            raise FileRefused("zip-bomb", self._file, what="stated size")
        if size > limits.ratio_from_bytes and size > limits.max_ratio * max(info.compress_size, 1):
            raise FileRefused("zip-bomb", self._file, what=f"> {limits.max_ratio} : 1")


def _to_data(stream: BinaryIO, info: zipfile.ZipInfo) -> None:
    """Put the stream at the member's packed bytes, behind its local header."""
    stream.seek(info.header_offset)
    header = stream.read(30)
    if header[:4] != b"PK\x03\x04":
        raise ValueError("no local header")
    name, extra = struct.unpack_from("<HH", header, 26)
    stream.seek(name + extra, 1)


def _inflated(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    left = info.compress_size
    if info.compress_type == zipfile.ZIP_STORED:
        while left and (chunk := stream.read(min(left, _STEP))):
            left -= len(chunk)
            yield chunk
        return
    unpack = zlib.decompressobj(-15)
    packed = b""
    while not unpack.eof:
        if not packed:
            packed = stream.read(min(left, 1 << 16))
            left -= len(packed)
            if not packed:
                raise EOFError
        if chunk := unpack.decompress(packed, _STEP):
            yield chunk
        packed = unpack.unconsumed_tail
