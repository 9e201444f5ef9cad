"""How a declared line is called: ``1``, ``1.0``, ``01`` and `` 1 `` are one line, whichever program wrote the file."""

import re

_NUMBER = re.compile(r"([0-9]{1,8})(?:[.,]0{1,2})?")
"""Not more digits: those may be a person's number. Not three zeros: ``1.000`` is a thousand in Vietnamese."""


def plain_line(line: str) -> str:
    """A line that is a number, as its shortest spelling; anything else as it stands, without spaces around it."""
    text = line.strip()
    if text.isdecimal() and text[0] != "0" and text.isascii():
        return text
    found = _NUMBER.fullmatch(text)
    return str(int(found[1])) if found else text
