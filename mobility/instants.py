"""Days and instants as they are typed and shown on the command line: one rule for every command."""

import re
from datetime import date, datetime
from typing import Any

import click

from schemas.zone import ZONE

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Day(click.ParamType):
    """``YYYY-MM-DD``, a day that exists, as a ``date``."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Raises click.BadParameter with what was typed and what is accepted; click names the option."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # the 30th of February, month 13: said below
        self.fail(f"{text!r} is no day; write YYYY-MM-DD, for example 2026-02-28", param, ctx)


class Instant(click.ParamType):
    """RFC 3339: day, time and offset, as an aware ``datetime``. Without the offset nobody knows which hour is meant."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises click.BadParameter with what was typed and what is accepted; click names the option."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        example = "for example 2026-10-05T00:00:00+07:00"
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no instant; write day, time and offset, {example}", param, ctx)
        if found.tzinfo is None:
            self.fail(f"{text!r} has no offset: in which zone is that hour? Write {example}", param, ctx)
        return found


DAY, INSTANT = Day(), Instant()


def local(value: datetime) -> str:
    """To the minute in the time of Việt Nam, the clock's too, with its offset: ``2026-11-24 02:44 +07:00``."""
    return value.astimezone(ZONE).isoformat(sep=" ", timespec="minutes").replace("+07:00", " +07:00")
