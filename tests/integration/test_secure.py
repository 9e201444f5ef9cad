"""On a Kafka with TLS, logins and rules: everything runs, and who may not come in is told why."""

import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import psycopg
import pytest
from psycopg import sql

from deploy.acls import parts
from deploy.local import start_postgres, stop
from deploy.topics import ensure_topics
from schemas.broker import Access, Broker
from tests.end_to_end.command_line import Answer
from tests.integration.secure_kit import Authority, SecureBroker, quiet

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
FIRM = "0200000014"
ALL = tuple(parts())


class Country:
    """A broker that asks, a PostgreSQL whose role owns one database, and the program with the settings of one login."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)  # PostgreSQL runs as another user where the tests run as root
        self.folder, self.home, self.services = folder, folder / "program", folder / "services"
        self.broker = SecureBroker(self.services)
        self.database_password = secrets.token_urlsafe(18)
        self.dsn = self._database(urlsplit(start_postgres(self.services, say=quiet)))
        (self.home / "logs").mkdir(parents=True)
        self.files = {"mobility": self.broker.user("mobility", *ALL), "setup": self.broker.user("setup", "setup")}
        login = Access("SASL_SSL", "SCRAM-SHA-512", "setup", self.files["setup"], self.broker.authority.file)
        ensure_topics(Broker(self.broker.at["sasl_ssl"], login), 4)

    def _database(self, owner: SplitResult) -> str:
        """A DSN without a password in it."""
        with psycopg.connect(owner.geturl(), autocommit=True) as line:
            login = sql.SQL("create role country login nosuperuser nocreatedb nocreaterole password {}")
            line.execute(login.format(self.database_password))
            line.execute("create database country owner country")
        file = self.folder / "pgpass"
        file.write_text(f"{owner.hostname}:{owner.port}:*:country:{self.database_password}\n")
        file.chmod(0o600)
        return f"postgresql://country@{owner.hostname}:{owner.port}/country?passfile={file}"

    def settings(self, user: str = "mobility", **changed: object) -> dict[str, str]:
        """The environment of a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
        kept |= {name: value for name, value in os.environ.items() if name == "MOBILITY_CACHE"}
        named = {
            "home": self.home,
            "kafka": self.broker.at["sasl_ssl"],
            "kafka_protocol": "SASL_SSL",
            "kafka_user": user,
            "kafka_password_file": self.files.get(user, ""),
            "kafka_ca_file": self.broker.authority.file,
            "postgres": self.dsn,
            "clock": "manual",
            "verify_share": "1",
        } | changed
        return {**kept, **{f"MOBILITY_{name.upper()}": str(value) for name, value in named.items() if value != ""}}

    def run(self, *words: object, user: str = "mobility", **changed: object) -> Answer:
        """A command with JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "mobility", *map(str, words), "--json"],
            env=self.settings(user, **changed),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def well(self, *words: object, user: str = "mobility", **changed: object) -> Any:
        """Its answer; it must end with 0."""
        answer = self.run(*words, user=user, **changed)
        assert answer.code == 0, f"{words}: exit code {answer.code}\n{answer.out}\n{answer.err}"
        return answer.json

    @contextmanager
    def role(self, role: str, user: str) -> Iterator[Path]:
        """A role in a process of its own, with a login of its own; its log."""
        log = self.home / "logs" / f"alone-{role}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "mobility", "run", role], env=self.settings(user), stdout=out, stderr=out
            )
        try:
            yield log
            assert process.poll() is None, log.read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def end(self) -> None:
        self.run("down")
        self.broker.end()
        stop(self.services)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def country() -> Iterator[Country]:
    made = Country(Path(tempfile.mkdtemp(prefix="mobility-secure-")))
    try:
        yield made
    finally:
        made.end()


def dossier(folder: Path, number: int, first: int, last: int) -> Path:
    """A file that starts persons ``first`` to ``last`` at the firm."""
    path = folder / f"d{number}.csv"
    lines = ["tax_code,dossier_no,form,line,full_name,insurance_number,movement_code,from_month"]
    lines += [f"{FIRM},S-{number},D02,{n},Nguyễn Văn {n},79{n:08d},TM,09/2026" for n in range(first, last + 1)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def workers(country: Country) -> int:
    rows: list[dict[str, Any]] = country.well("status")["enterprises"]
    return rows[0]["workers"] if rows else 0


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, f"not within {seconds:.0f} s"
        time.sleep(0.5)


def logs(country: Country) -> str:
    return "\n".join(path.read_text(errors="replace") for path in (country.home / "logs").glob("*.log"))


def assert_told(answer: Answer, code: int, *words: str) -> None:
    """It ended with the code and one error that says these words."""
    assert answer.code == code, f"{answer.code}\n{answer.out}\n{answer.err}"
    message = answer.json["error"]["message"]
    assert all(word in message for word in words), message


def test_everything_runs_over_tls_with_a_login_that_may_do_no_more_than_the_rules_say(
    country: Country, tmp_path: Path
) -> None:
    up = country.well("up", "--detach")
    assert up["kafka"] == country.broker.at["sasl_ssl"]
    try:
        assert country.well("clock", "--to", "2026-11-01")["day"] == "2026-11-01"
        (receipt,) = country.well("ingest", dossier(tmp_path, 1, 1, 25), "--wait")["receipts"]
        assert receipt["accepted"] == 25
        assert workers(country) == 25
        assert country.well("verify")["ok"]
        assert country.well("dead", "list")["dead"] == []
        assert [one["workers"] for one in country.well("alerts", "--open")["alerts"]] == [25]
        until(lambda: country.run("verify", "--rolling-status").json.get("last") is not None)
    finally:
        country.well("down")
    said = logs(country)
    assert "Authorization" not in said
    for secret in (country.broker.passwords["mobility"], country.database_password):
        assert secret not in said


def test_each_role_runs_with_a_login_of_its_own(country: Country, tmp_path: Path) -> None:
    """Goes on where the test before left off."""
    for part in ALL:
        rights = (part, "intake") if part == "watch" else (part,)
        country.files[part] = country.broker.user(part, *rights)
    before = workers(country)
    with (
        country.role("streams", "streams") as streams,
        country.role("store", "store") as store,
        country.role("verify", "check") as check,
        country.role("intake_worker", "intake") as intake,
    ):
        (receipt,) = country.well("ingest", dossier(tmp_path, 2, 101, 110), user="intake")["receipts"]
        assert receipt["accepted"] == 10
        country.well("clock", "--to", "2026-11-02", user="operator")
        assert workers(country) == before + 10
        assert country.well("verify", user="operator")["ok"]
        time.sleep(5)
        for log in (streams, store, check, intake):
            said = log.read_text()
            assert "Authorization" not in said, said
            assert "broken off" not in said, said
            assert "Differs" not in said, said


def test_a_login_without_rules_may_publish_nothing_and_is_told_why(country: Country, tmp_path: Path) -> None:
    country.files["stranger"] = country.broker.user("stranger")
    assert_told(country.run("ingest", dossier(tmp_path, 7, 700, 701), user="stranger"), 3, "Authorization")


@pytest.mark.parametrize("words", [("clock",), ("dead", "list"), ("up", "--detach"), ("ingest", "d9.csv")])
def test_a_wrong_password_ends_with_three_and_what_to_do(
    country: Country, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """By aiokafka (clock, ingest) and by kafka-python (dead, up)."""
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-password-1\n")
    last = dossier(tmp_path, 9, 900, 900) if words[0] == "ingest" else words[-1]
    begun = time.monotonic()
    answer = country.run(*words[:-1], last, kafka_password_file=wrong)
    assert time.monotonic() - begun < 60
    assert_told(answer, 3, "refuses the login of mobility", "MOBILITY_KAFKA_USER", str(wrong))
    assert "not-the-password-1" not in answer.out + answer.err + logs(country)


def test_a_worker_with_a_wrong_password_waits_and_says_why_once(country: Country, tmp_path: Path) -> None:
    country.files["wrong"] = tmp_path / "wrong"
    country.files["wrong"].write_text("not-the-password-2\n")
    with country.role("streams", "wrong") as log:
        until(lambda: "waiting for the broker" in log.read_text())
        time.sleep(4)
        lines = [line for line in log.read_text().splitlines() if "waiting for the broker" in line]
    assert len(lines) == 1
    assert "refuses the login of wrong" in lines[0]
    assert "not-the-password-2" not in log.read_text()


def test_a_broker_with_a_foreign_certificate_is_not_talked_to(country: Country, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    assert_told(country.run("clock", kafka_ca_file=other.file), 3, "certificate of", "MOBILITY_KAFKA_CA_FILE")
    assert_told(country.run("clock", kafka_ca_file=""), 3, "certificate of", "MOBILITY_KAFKA_CA_FILE")


def test_a_client_certificate_is_the_login_where_the_broker_wants_one(country: Country, tmp_path: Path) -> None:
    certificate, key = country.broker.authority.issue("office")
    country.broker.allow("User:CN=office", ["operator"])
    tls: dict[str, object] = {
        "kafka": country.broker.at["ssl"],
        "kafka_protocol": "SSL",
        "kafka_user": "",
        "kafka_password_file": "",
    }
    told = country.well("clock", **tls, kafka_certificate_file=certificate, kafka_key_file=key)
    assert told["day"] is not None
    assert_told(country.run("clock", **tls), 3, "Kafka can't be reached", "docs/operations.md")


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_login_without_encryption_and_several_addresses(country: Country, mechanism: str) -> None:
    name = f"plain-{mechanism}"
    country.files[name] = country.broker.user(name, "operator", mechanism=mechanism)
    several = f"127.0.0.1:9, {country.broker.at['sasl_plaintext']}"
    told = country.well(
        "clock", user=name, kafka=several, kafka_protocol="SASL_PLAINTEXT", kafka_mechanism=mechanism, kafka_ca_file=""
    )
    assert told["day"] is not None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kafka_password_file": "/nowhere/password"}, ("MOBILITY_KAFKA_PASSWORD_FILE", "/nowhere/password")),
        ({"kafka_ca_file": "/nowhere/ca.pem"}, ("MOBILITY_KAFKA_CA_FILE", "/nowhere/ca.pem")),
        ({"kafka_certificate_file": "/nowhere/c.pem"}, ("MOBILITY_KAFKA_CERTIFICATE_FILE", "/nowhere/c.pem")),
        ({"kafka_key_file": "/nowhere/k.pem"}, ("MOBILITY_KAFKA_KEY_FILE", "MOBILITY_KAFKA_CERTIFICATE_FILE")),
        ({"kafka_password_file": ""}, ("SASL_SSL needs", "MOBILITY_KAFKA_PASSWORD_FILE")),
        ({"kafka_protocol": ""}, ("MOBILITY_KAFKA_PROTOCOL is not",)),
        ({"kafka": ""}, ("MOBILITY_KAFKA names no Kafka",)),
        ({"kafka_protocol": "TLS"}, ("MOBILITY_KAFKA_PROTOCOL", "SASL_SSL")),
    ],
)
def test_settings_that_can_not_work_are_told_by_name(
    country: Country, changed: dict[str, object], words: tuple[str, ...]
) -> None:
    assert_told(country.run("clock", **changed), 2, *words)


def test_a_reader_of_the_store_needs_no_more_than_to_read_it(country: Country) -> None:
    with psycopg.connect(country.dsn) as line:  # the owner of the database grants; docs/operations.md has the same
        line.execute("grant usage on schema store to public; grant select on all tables in schema store to public")
    dsn = urlsplit(country.dsn)
    with psycopg.connect(urlsplit(start_postgres(country.services, say=quiet)).geturl(), autocommit=True) as line:
        line.execute("create role reader login password 'reads'")
    reader = f"postgresql://reader:reads@{dsn.hostname}:{dsn.port}/country"
    assert country.well("status", postgres=reader)["totals"]["workers"] >= 25
    with psycopg.connect(reader) as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute("select * from vault.persons")
    with psycopg.connect(reader) as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute("delete from store.effects")


def test_a_password_of_postgresql_is_never_printed(country: Country) -> None:
    dsn = urlsplit(country.dsn)
    place = f"{dsn.hostname}:{dsn.port}{dsn.path}"
    for secret in ("wr0ng-secret", "half/of-it", "half@of-it", "half?of-it", "half of-it"):
        answer = country.run("status", postgres=f"postgresql://{dsn.username}:{secret}@{place}")
        assert answer.code in (2, 3), answer.err
        for piece in (secret, "half", "of-it"):
            assert piece not in answer.out + answer.err, answer.err


def test_what_holds_a_password_is_for_its_owner_alone(country: Country) -> None:
    """``run.json`` names PostgreSQL's DSN."""
    country.well("up", "--detach")
    try:
        record = country.home / "run.json"
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        told = record.read_text()
        assert country.broker.passwords["mobility"] not in told
        assert country.database_password not in told
    finally:
        country.well("down")
