"""XML walked as a stream: no DTD, no entities, bounded depth and bounded memory."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from producers.readers.refusals import FileRefused

_STEP = 1 << 16
_MAX_SILENCE = 8 << 20  # bytes without any markup seen: an endless tag or comment


class Visitor(Protocol):
    """What is called for every element that opens or closes, and for text, perhaps in pieces.

    A visitor keeps its own bound on depth and size, and raises TooMuch.
    """

    @property
    def start(self) -> Callable[[str, list[str]], None]:
        """Called with the tag (``namespace}name``) and the attributes."""

    @property
    def data(self) -> Callable[[str], None]:
        """Called with text."""

    @property
    def end(self) -> Callable[[str], None]:
        """Called with the tag."""


class TooMuch(Exception):
    """A visitor's or the walk's limit is passed; the text names it."""


def root_of(path: Path, file: str) -> str:
    """Local name of the root element. Raises FileRefused when the file is no XML or declares a DTD."""

    class _Root:
        name = ""

        def start(self, tag: str, _: list[str]) -> None:
            self.name = self.name or tag

        def data(self, text: str) -> None:
            """Text tells nothing of the root."""

        def end(self, tag: str) -> None:
            """Nor does an end."""

    root = _Root()
    steps = walk(path, file, root)
    while not root.name and next(steps, None) is not None:
        continue
    return root.name.rpartition("}")[2].rpartition(":")[2]


def walk(path: Path, file: str, visitor: Visitor) -> Iterator[int]:
    """Feed the file to the visitor; yields the bytes read after each step, so that the caller can drain it.

    Raises FileRefused for a DTD, entities, broken or cut XML, and limits.
    """
    parser: Any = DefusedXMLParser(target=_NoTree(), forbid_dtd=True)
    _wire(parser.parser, visitor)
    read = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_STEP):
                parser.feed(chunk)
                read += len(chunk)
                if read - getattr(parser.parser, "CurrentByteIndex", read) > _MAX_SILENCE:
                    raise TooMuch("endless tag")
                yield read
            parser.close()
    except DefusedXmlException:
        raise FileRefused("xml-dtd", file) from None
    except TooMuch as much:
        raise FileRefused("xml-limit", file, what=str(much)) from None
    except (ParseError, LookupError, ValueError) as error:
        line = getattr(error, "position", (0, 0))[0]
        # expat: 3 no element found, 4 not well-formed (token), 5 unclosed token, 6 partial character
        cut = getattr(error, "code", 0) in (3, 5, 6)
        place = f"line {line}" if line else ""
        raise FileRefused("cut" if cut else "damaged", file, place, **({} if cut else {"what": "XML"})) from None
    yield read


class _NoTree:
    """Stands where the parser expects a tree builder; elements never come here."""

    def close(self) -> None:
        """Nothing was built."""


def _wire(expat: Any, visitor: Visitor) -> None:
    """Take the place of the tree builder: elements go to the visitor and are kept nowhere else."""
    expat.buffer_text = True
    expat.buffer_size = _STEP
    expat.StartElementHandler = visitor.start
    expat.EndElementHandler = visitor.end
    expat.CharacterDataHandler = visitor.data
    expat.DefaultHandlerExpand = expat.CommentHandler = expat.ProcessingInstructionHandler = None
