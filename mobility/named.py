"""What commands are asked about, as it is typed: codes of units, ids of persons, numbers of rows."""

import re
from typing import Any
from uuid import UUID

import click

from consumers.store.unit_codes import unit_code

_PERSON = re.compile(r"[0-9a-f]{32}")


class UnitCode(click.ParamType):
    """A tax code, a branch's too, or the code of a union: as ``unit_code`` has it, never empty."""

    name = "CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Raises click.BadParameter for blanks alone and for bytes that are no text."""
        code = unit_code(str(value))
        if not code or not code.isprintable():
            self.fail("say a tax code, for example 0200000007, or the code of a union", param, ctx)
        return code


class Person(click.ParamType):
    """A person's id in the vault: 32 hex digits, with dashes or without, as a ``UUID``."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> UUID:
        """Raises click.BadParameter, which does not repeat what was typed: it may be a personal number."""
        if isinstance(value, UUID):
            return value
        digits = str(value).strip().lower().replace("-", "")
        if not _PERSON.fullmatch(digits):
            self.fail(
                "a person's id has 32 hexadecimal digits, such as mobility findings shows, and is never a personal "
                "number. Find it by number: mobility person find --number -",
                param,
                ctx,
            )
        return UUID(hex=digits)


CODE, PERSON = UnitCode(), Person()
AT_MOST = click.IntRange(1, 2**31 - 1)
"""So many rows; PostgreSQL counts no further."""
SKIPPED = click.IntRange(0, 2**31 - 1)
"""So many rows left out."""
ROW = click.IntRange(1, 2**63 - 1)
"""The number of a row, a bigint."""
PARTITION, OFFSET = click.IntRange(0, 2**31 - 1), click.IntRange(0, 2**63 - 1)
"""A place on the log."""
