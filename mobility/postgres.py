"""What PostgreSQL's client says, without the password that a mistyped DSN lets slip into it."""

import re

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

NO_DSN = (
    "MOBILITY_POSTGRES is no DSN. It looks like postgresql://USER@HOST:5432/DATABASE?sslmode=verify-full; the password "
    "is best kept in a file (passfile=, or PGPASSFILE). Inside a DSN @ is written %40, : %3A, / %2F, ? %3F and # %23."
)

_QUOTED = re.compile(r"""(["'])(.*?)\1""")
_NAME = re.compile(r"[A-Za-z0-9_.-]*")
_SECRET = re.compile(r"://[^:]*:(.*)@", re.DOTALL)


def is_dsn(text: str) -> bool:
    """Whether libpq can read it; empty (nothing is set) it can."""
    try:
        conninfo_to_dict(text)
    except ProgrammingError:
        return False
    return True


def shown(dsn: str) -> str:
    """The DSN as it may be printed: without its password."""
    parts = conninfo_to_dict(dsn)
    return dsn if parts.pop("password", None) is None else make_conninfo("", **parts)


def without_password(said: str, dsn: str) -> str:
    """The sentence; what it quotes is left out where it may be a piece of the password in ``dsn``.

    libpq and psycopg quote what they took for host or port. With an unescaped ``@`` or ``/`` in the password that is
    a piece of it: ``postgresql://u:se/cret@h/d`` has the port ``se``.
    """
    found = _SECRET.search(dsn)
    secret = found[1] if found else ""

    def harmless(match: re.Match[str]) -> str:
        return match[0] if _NAME.fullmatch(match[2]) and match[2] not in secret else '"..."'

    return _QUOTED.sub(harmless, said)
