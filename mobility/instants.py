"""Instants and ids as they are typed on the command line."""

from datetime import UTC, datetime
from uuid import UUID

import click


def instant(text: str | None) -> datetime | None:
    """RFC 3339; without an offset it is UTC. Raises click.BadParameter."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no instant; say for example 2026-10-05T00:00:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


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
