"""Rows of files sent again that speak of persons erased since: they bring nobody back (docs/personal-data.md)."""

from typing import TYPE_CHECKING

from producers.sql import query
from producers.validate.context import Context
from producers.vault.block import VaultBlock

if TYPE_CHECKING:
    from producers.staging.block import Item
    from producers.staging.file import FileStaging

PACKAGE = "producers.staging"


def without_erased(items: list["Item"], vault: VaultBlock, context: Context, staging: "FileStaging") -> list["Item"]:
    """The items without those of persons erased since the same bytes were taken in; these are counted as unchanged.

    Such a row was taken in then (else it is held), so its number was known. If it leads to nobody now, or to an id that
    is newer than the file, the one that it led to was erased: its facts stand under that id, and neither a fact nor a
    number is kept anew. An id into which others were merged may be newer than all it stands for, so it is let through.
    """
    asked = {item.person for item in items if item.filing.repeat and item.person}
    asked = {person for person in asked if not staging.desk.merges.formers(person)}
    if not asked:
        return items
    values = {"persons": sorted(asked), "sha256": context.sha256}
    forgotten = {row[0].hex for row in staging.desk.connection.execute(query(PACKAGE, "find_forgotten"), values)}
    if not forgotten:
        return items
    held = {row[0] for row in staging.desk.connection.execute(query(PACKAGE, "find_held_lines"), (context.sha256,))}
    kept = []
    for item in items:
        if item.filing.repeat and item.person in forgotten and item.line not in held:
            item.filing.unchanged += 1
            if context.replaces:
                staging.restated(None, item.line)
        else:
            kept.append(item)
    vault.forget(forgotten - {item.person for item in kept})
    return kept
