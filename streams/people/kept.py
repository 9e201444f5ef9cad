"""A person as the step keeps it: compact, versioned, the bytes of the changelog. A newer format reads the older ones.

A value is a format byte, then MessagePack. Format 1 holds all facts of a person, some 40 bytes each; most people never
have another. Format 2 comes with a checkpoint: facts that lie before it stand in **pages** under keys of their own,
which are not read or written as long as what comes is dated later. So what a record costs, and adds to the changelog,
does not grow with the history behind it. A page has format 1.
"""

from typing import Final

import msgspec

from streams.people.checkpoint import Checkpoint
from streams.people.facts import Fact
from streams.step import State, StateFormatError

_ALL_FACTS: Final = 1
_WITH_CHECKPOINT: Final = 2


class Person(msgspec.Struct, array_like=True, gc=False):
    """The live facts of a person (withdrawn ones too: they outrank their earlier versions), in order of arrival.

    ``revised`` holds the version of each movement that has been published more than once. Before ``checkpoint`` both
    stand in the ``pages``. ``winner``, ``merge``: the id that stays after a merger, and the fact that says so; then
    there is nothing else. ``absorbed``: ids that were merged into this one.
    """

    facts: list[Fact] = []
    revised: dict[bytes, int] = {}
    checkpoint: Checkpoint | None = None
    pages: int = 0
    winner: str = ""
    merge: bytes = b""
    absorbed: tuple[str, ...] = ()


_decode = msgspec.msgpack.Decoder(Person).decode
_encode = msgspec.msgpack.Encoder().encode


def load(value: bytes | None) -> Person:
    """Changelog bytes -> person, or a page; None is somebody not seen before. Raises StateFormatError."""
    if value is None:
        return Person([], {})
    if not 1 <= value[0] <= _WITH_CHECKPOINT:
        raise StateFormatError(
            f"state of the step people in format {value[0]}: written by a newer version of this program"
        )
    return _decode(memoryview(value)[1:])


def dump(person: Person) -> bytes:
    """Person -> changelog bytes."""
    if person.checkpoint is None and not person.winner and not person.absorbed:
        return page(person.facts, person.revised)
    return b"\x02" + _encode(person)


def page(facts: list[Fact], revised: dict[bytes, int]) -> bytes:
    """Facts and versions of movements that lie before a checkpoint -> changelog bytes."""
    return b"\x01" + _encode((facts, revised))


def page_key(person: bytes, number: int) -> bytes:
    """Where a page stands: no person's id looks like it."""
    return b"%b/%d" % (person, number)


def pages_of(person: Person, key: bytes, state: State) -> list[bytes]:
    """The person's pages, undecoded. Raises StateFormatError if one is not there."""
    found = [value for number in range(person.pages) if (value := state.get(page_key(key, number))) is not None]
    if len(found) != person.pages:
        raise StateFormatError(f"state of the step people: {len(found)} of {person.pages} pages of a person are there")
    return found
