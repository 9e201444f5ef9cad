"""How the read side puts a question: one statement a file, rows as dictionaries."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from consumers.store.statements import statement

Row = dict[str, Any]

NEVER: Final = datetime.max.replace(year=9000)
"""Known at: all that is known."""


def ask(connection: Connection[Any], name: str, values: Row) -> list[Row]:
    """The rows of ``sql/read_NAME.sql``."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(f"read_{name}"), values).fetchall()


def hex32(value: UUID) -> str:
    """An id as the log writes it."""
    return value.hex
