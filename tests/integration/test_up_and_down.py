"""``up`` and ``down`` against each other, against kills, taken ports, damaged files and copies of the home."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest

from consumers.watch import accounts
from deploy.local import Endpoints
from mobility.answering import silent_or_foreign
from mobility.home_lock import held
from tests.integration.up_kit import Place, ended, until

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def made(endpoints: Endpoints, fresh_database: str) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="mobility-up-"))
    place = Place(folder / "nhà", {"MOBILITY_KAFKA": endpoints.kafka, "MOBILITY_POSTGRES": fresh_database})
    yield place
    place.run("down")
    shutil.rmtree(folder)


@pytest.fixture
def place(made: Place) -> Iterator[Place]:
    """A home of which nothing runs, before and after."""
    yield made
    made.run("down")
    for pid in made.roles():  # what a faulty down left
        os.kill(pid, signal.SIGKILL)


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}health", timeout=5) as answer:
        return bool(answer.status == 200)


def test_two_ups_at_once_make_one_system_that_down_stops(place: Place) -> None:
    both = [place.begin("up", "--detach", "--json") for _ in range(2)]
    first, second = (ended(one) for one in both)
    assert (first[0], second[0]) == (0, 0), (first, second)
    assert first[1] == second[1]
    assert len(place.supervisors()) == 1
    assert sorted(place.roles().values()) == ["intake", "intake_worker", "store", "streams", "supervisor", "watch"]
    assert place.run("down")[0] == 0
    assert place.roles() == {}
    assert not held(place.folder)


def test_down_stops_a_supervisor_that_is_only_starting(place: Place) -> None:
    starting = place.begin("up", "--detach", "--json")
    until(place.supervisors)
    assert place.run("down")[0] == 0
    assert ended(starting)[0] != 0
    time.sleep(2)
    assert place.roles() == {}


def test_an_up_whose_supervisor_dies_says_so_and_leaves_nothing(place: Place) -> None:
    starting = place.begin("up", "--detach", "--json")
    until(lambda: len(place.roles()) > 2)
    os.kill(place.supervisors()[0], signal.SIGKILL)
    code, said, _ = ended(starting)
    assert code == 1
    assert "ended while they started (by SIGKILL)" in said["error"]["message"]
    assert place.roles() == {}


def test_down_finds_roles_of_a_killed_supervisor_even_without_its_record(place: Place) -> None:
    assert place.run("up", "--detach")[0] == 0
    os.kill(place.supervisors()[0], signal.SIGKILL)
    (place.folder / "run.json").unlink()
    assert len(place.roles()) == 5
    assert place.run("down")[0] == 0
    assert place.roles() == {}


def test_down_in_a_copy_leaves_the_original_alone(place: Place) -> None:
    said = place.run("up", "--detach")[1]
    before, copy = place.roles(), Place(place.folder.with_name("copy"), place.settings)
    subprocess.run(["cp", "-a", place.folder, copy.folder], check=True)
    assert copy.run("down")[0] == 0
    assert place.roles() == before
    assert answers(said["page"])
    code, error, _ = copy.run("up", "--detach", MOBILITY_PAGE_PORT=said["page"].split(":")[2].strip("/"))
    assert (code, error["error"]["kind"]) == (2, "usage")
    assert copy.roles() == {}


class Other(BaseHTTPRequestHandler):
    """Another program, that answers everything well."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def other() -> Iterator[int]:
    """Its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("variable", ["MOBILITY_PAGE_PORT", "MOBILITY_INTAKE_PORT"])
def test_a_taken_port_is_told_by_its_variable(place: Place, other: int, variable: str) -> None:
    code, said, _ = place.run("up", "--detach", **{variable: str(other)})
    assert (code, said["error"]["kind"]) == (2, "usage")
    assert f"{variable}={other}" in said["error"]["message"]
    assert place.roles() == {}
    assert not held(place.folder)


def test_an_answer_of_another_program_is_none_of_ours(place: Place, other: int) -> None:
    foreign = f"http://127.0.0.1:{other}/"
    assert answers(foreign)
    assert silent_or_foreign("run", foreign) == [foreign]


def test_a_running_home_is_asked_for_another_port(place: Place) -> None:
    said = place.run("up", "--detach")[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        code, error, _ = place.run("up", "--detach", MOBILITY_PAGE_PORT=str(free.getsockname()[1]))
    assert code == 2
    assert said["page"] in error["error"]["message"]


def test_files_that_a_power_cut_emptied_count_as_absent(place: Place) -> None:
    assert place.run("up", "--detach")[0] == 0
    place.run("down")
    for name, text in (("page.port", ""), ("intake.port", "\0\0\0"), ("run.json", '{"children"'), ("drop.folder", "")):
        (place.folder / name).write_text(text)
    (place.folder / "page.password").write_text("")
    code, said, err = place.run("up", "--detach")
    assert code == 0, err
    assert answers(said["page"])
    assert answers(said["intake"])
    password = (place.folder / "page.password").read_text().strip()
    assert len(password) > 10
    with psycopg.connect(place.settings["MOBILITY_POSTGRES"]) as line:
        assert accounts.verify(line, "operator", password)
    assert place.run("drop", "status")[0] == 2  # no folder: not the one where the command was called


@pytest.mark.parametrize("words", [("up", "--detach"), ("down",)])
def test_a_home_that_cannot_be_written_is_told(made: Place, words: tuple[str, ...]) -> None:
    folder = made.folder.with_name("not-ours")
    (folder / "supervisor.lock").mkdir(parents=True, exist_ok=True)  # fails for root too, whom no mode hinders
    code, said, _ = Place(folder).run(*words)
    assert (code, said["error"]["kind"]) == (3, "unreachable")
    assert "set MOBILITY_HOME to one that can be written" in said["error"]["message"]


def test_a_closed_terminal_ends_an_up_in_the_foreground(place: Place) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs the tests may be there without a terminal (nohup)
    running = place.begin("up", "--json")
    signal.signal(signal.SIGHUP, before)
    assert running.stdout
    assert "page" in running.stdout.readline()
    running.send_signal(signal.SIGHUP)
    assert running.wait(60) == 0
    assert place.roles() == {}
    assert not held(place.folder)


def test_a_rotation_cut_off_by_postgresql_is_to_be_run_again(place: Place) -> None:
    code, said, _ = place.run("vault", "rotate", MOBILITY_POSTGRES="postgresql://nobody@127.0.0.1:1/none")
    assert code == 3
    assert "vault rotate again" in said["error"]["message"]
    assert "files" not in said["error"]["message"]
