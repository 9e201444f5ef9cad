"""Text files as lines: which encoding, and lines in bounded memory. Nothing here knows of columns."""

import unicodedata
from collections.abc import Iterator

from producers.readers.model import Limits
from producers.readers.notes import note
from producers.readers.refusals import FileRefused
from producers.readers.sources import Source


class Lines:
    """Lines of a text file with their ends, NFC. Raises FileRefused on an endless line, a NUL or undecodable bytes."""

    def __init__(self, source: Source, encoding: str, limits: Limits) -> None:
        self._source = source
        self._encoding = encoding
        self._limit = limits.max_line_chars
        self.count = 0
        self.unterminated = False  # the last line given has no line end, so it is the file's last
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        """Walk the lines; the file is open only while somebody does."""
        name, limit, normalize = self._source.name, self._limit, unicodedata.normalize
        try:
            with self._source.path.open(encoding=self._encoding, newline="") as stream:
                while line := stream.readline(limit):
                    self.count += 1
                    if not line.endswith(("\n", "\r")):
                        if len(line) >= limit:
                            raise FileRefused("endless-line", name, f"row {self.count}", limit=limit)
                        self.unterminated = True
                    if "\0" in line:
                        raise FileRefused("nul", name, f"row {self.count}")
                    yield line if line.isascii() else normalize("NFC", line)
        except UnicodeDecodeError as error:
            reason = "cut" if error.reason in ("truncated data", "unexpected end of data") else "encoding"
            raise FileRefused(reason, name, f"after row {self.count}") from None
        self.exhausted = True


def _vietnamese_1258(source: Source) -> bool:
    """Whether the file's letters, read as windows-1258, are Vietnamese ones (not TCVN3, VNI, Latin-1 or another set).

    All of the file: in a list whose first strange byte stands far down, the beginning tells nothing.
    """
    foreign = vietnamese = 0
    try:
        with source.path.open(encoding="cp1258", newline="") as stream:
            while line := stream.readline(1 << 16):
                if not line.isascii():
                    strange = [ch for ch in unicodedata.normalize("NFC", line) if not ch.isascii()]
                    foreign += len(strange)
                    vietnamese += sum(1 for ch in strange if ch in _VIETNAMESE)
    except UnicodeDecodeError:
        return False
    return vietnamese >= 0.97 * foreign


def _letters() -> frozenset[str]:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    vowels = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    return frozenset(vowels | {vowel.upper() for vowel in vowels} | set("\u00a0–—“”‘’…"))


_VIETNAMESE = _letters()


def text_encoding(source: Source) -> tuple[str, str]:
    """(codec, note). Raises FileRefused when the bytes are no text that is read here."""
    if source.encoding == "utf-16":
        return "utf-16", note("utf-16")
    if source.nul:
        raise FileRefused("nul", source.name)
    if source.encoding and source.utf8 == "yes":
        return source.encoding, ""
    if source.utf8 == "cut":
        raise FileRefused("cut", source.name)
    if source.encoding == "" and _vietnamese_1258(source):
        return "cp1258", note("windows-1258")
    raise FileRefused("encoding", source.name)
