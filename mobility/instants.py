"""Instants and ids as they are typed and shown on the command line."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import click

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def instant(text: str | None) -> datetime | None:
    """RFC 3339; without an offset it is UTC. Raises click.BadParameter."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no instant; say for example 2026-10-05T00:00:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def local(value: datetime) -> str:
    """To the minute in the time of Việt Nam, the clock's too, with its offset: ``2026-11-24 02:44 +07:00``."""
    return value.astimezone(ZONE).isoformat(sep=" ", timespec="minutes").replace("+07:00", " +07:00")


def person_id(text: str | None) -> UUID | None:
    """A person's id in the vault, 32 hex digits. Raises click.BadParameter, which does not repeat what was typed."""
    if text is None:
        return None
    try:
        return UUID(hex=text)
    except ValueError as error:
        raise click.BadParameter(
            "a person's id has 32 hex digits, such as mobility findings shows; never a personal number"
        ) from error
