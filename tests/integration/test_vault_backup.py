"""The vault's own backup: restored into an empty database it opens; cut, changed or with another key it is refused."""

import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from deploy.local import Endpoints
from producers.intake import Intake, open_intake
from producers.members import erasing
from producers.vault import backing, keyfile
from producers.vault.backing import BackupUnfit
from producers.vault.reading import read_person
from tests.integration.intake_kit import NOW, Kit, declared, person
from tests.integration.person_kit import empty_kit, id_of, member

pytestmark = pytest.mark.services

ONE = person(1)["insurance_number"]


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


@contextmanager
def elsewhere(kit: Kit, *, with_key: bool = True) -> Iterator[Intake]:
    """An intake on an empty database of its own."""
    name = f"restored_{secrets.token_hex(4)}"
    kit.db.execute(f"create database {name}")
    folder = kit.folder / name
    folder.mkdir()
    if with_key:
        text = (kit.folder / "home" / keyfile.FILE).read_text()
        (folder / keyfile.FILE).write_text(text)
        (folder / keyfile.FILE).chmod(0o600)
    dsn = urlunsplit(urlsplit(kit.dsn)._replace(path=f"/{name}"))
    try:
        with open_intake(dsn=dsn, kafka=kit.kafka, home=folder) as intake:
            yield intake
    finally:
        kit.db.execute(f"drop database {name} with (force)")


def backed_up(kit: Kit) -> Path:
    out = kit.folder / f"vault-{secrets.token_hex(4)}.zip"
    backing.back_up(kit.db, kit.intake.current_keys(), out, now=NOW)
    return out


def test_a_backup_restores_whole_and_has_nothing_in_clear(kit: Kit) -> None:
    kit.send([member(1), member(2)])
    kit.send([declared(1, 1, "TS", job_title="Thợ"), declared(2, 1, "TM", job_title="Tổ trưởng")])
    who = id_of(kit, ONE)
    out = backed_up(kit)
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for value in person(1).values():
        assert value.encode() not in everything
    with elsewhere(kit) as intake:
        checked = backing.restore(intake.connection, intake.keys, out, set())
        assert (checked.opened, checked.rows["persons"], checked.erased) == (2, 2, [])
        found = read_person(intake.connection, intake.keys, who, who="a", why="b")
        assert found
        assert found["full_name"] == person(1)["full_name"]
        for table in backing.TABLES:
            text = f"select string_agg(t::text, ' ' order by t::text) from vault.{table} t"
            if table != "reads":
                assert intake.connection.execute(text).fetchone() == kit.db.execute(text).fetchone(), table
        intake.connection.execute(
            "insert into vault.versions (person, changed, by, why, at) values (%s::uuid, '', 'a', '', now())", (who,)
        )
        with pytest.raises(BackupUnfit, match="persons in it"):
            backing.restore(intake.connection, intake.keys, out, set())


def test_what_was_erased_since_is_named_to_be_erased_again(kit: Kit) -> None:
    kit.send([member(1), member(2)])
    who, out = id_of(kit, ONE), backed_up(kit)
    erasing.erase(kit.db, kit.intake.keys, who, who="a", why="b", now=NOW)
    erased = set((kit.folder / "home" / erasing.LIST).read_text().split())
    with elsewhere(kit) as intake:
        assert backing.restore(intake.connection, intake.keys, out, erased).erased == [who]


@pytest.mark.parametrize("fault", ["cut", "changed", "other key", "no backup"])
def test_an_unfit_backup_is_refused_and_changes_nothing(kit: Kit, fault: str) -> None:
    kit.send([member(1)])
    id_of(kit, ONE)  # the clerk's read is in the read log
    out = backed_up(kit)
    if fault == "cut":
        out.write_bytes(out.read_bytes()[:-100])
    elif fault == "no backup":
        out.write_bytes(b"PK nothing")
    elif fault == "changed":
        with zipfile.ZipFile(out) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data.replace(b"clerk", b"clown") if name == "reads.copy" else data)
        assert changed(out)
    with elsewhere(kit, with_key=fault != "other key") as intake:
        with pytest.raises(BackupUnfit):
            backing.restore(intake.connection, intake.keys, out, set())
        assert intake.connection.execute("select count(*) from vault.persons").fetchone() == (0,)
        assert intake.connection.execute("select count(*) from vault.keyring").fetchone() == (1,)


def changed(out: Path) -> bool:
    """Whether the read log in the file is another one than was written."""
    with zipfile.ZipFile(out) as archive:
        return b"clown" in archive.read("reads.copy")
