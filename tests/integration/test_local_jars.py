"""The jars of the embedded Kafka: checked against the sums kept here, fetched with progress, refused when damaged."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from deploy.local import (
    ChecksumError,
    FetchError,
    kafka_classpath,
    lock_file,
    start,
    verified_jars,
)

pytestmark = pytest.mark.services


def quiet(step: str, done: int | None = None, total: int | None = None) -> None:
    if done is None:
        print(step)


def processes_in(home: Path) -> list[str]:
    found = []
    for one in psutil.process_iter():
        try:
            if Path(one.cwd()).is_relative_to(home.resolve()):
                found.append(" ".join(one.cmdline())[:80])
        except (psutil.Error, OSError):
            continue
    return found


@pytest.fixture
def one_jar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A list of one small jar, and that jar in a cache of its own."""
    jar = next(jar for jar in lock_file.read(lock_file.JARS).jars if jar.name.startswith("argparse4j"))
    original = next(path for path in kafka_classpath(say=quiet) if path.name == jar.name)
    listed, cached = tmp_path / "one.sha256", tmp_path / "cache" / "jars" / jar.path
    cached.parent.mkdir(parents=True)
    shutil.copy(original, cached)
    monkeypatch.setenv("MOBILITY_CACHE", str(tmp_path / "cache"))
    lock_file.write(listed, "One jar", "test", {jar.path: original})
    return listed, cached


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_jar_with_one_flipped_bit_is_refused(one_jar: tuple[Path, Path], seen_before: bool) -> None:
    listed, cached = one_jar
    if seen_before:
        assert verified_jars(listed, say=quiet) == [cached]
    flip(cached)
    with pytest.raises(ChecksumError) as refused:
        verified_jars(listed, say=quiet)
    assert cached.name in str(refused.value)
    assert f"Delete {cached} and start again" in str(refused.value)


def test_a_checked_jar_is_not_hashed_again(one_jar: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    listed, cached = one_jar
    verified_jars(listed, say=quiet)
    monkeypatch.setattr(lock_file, "sha256", lambda file: pytest.fail(f"{file} hashed again"))
    assert verified_jars(listed, say=quiet) == [cached]


@pytest.fixture
def package_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package source on this machine that jgo's settings name; the folder is what it serves."""
    served = tmp_path / "served"
    served.mkdir()

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(served))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nmine = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield served
        server.shutdown()


def serve(one_jar: tuple[Path, Path], served: Path) -> Path:
    """Moves the jar from the cache to the package source; its path there."""
    listed, cached = one_jar
    at = served / lock_file.read(listed).jars[0].path
    at.parent.mkdir(parents=True)
    shutil.move(cached, at)
    return at


def test_a_missing_jar_is_fetched_with_progress_in_bytes(one_jar: tuple[Path, Path], package_source: Path) -> None:
    listed, cached = one_jar
    size = serve(one_jar, package_source).stat().st_size
    told: list[tuple[int | None, int | None]] = []
    assert verified_jars(listed, say=lambda step, done=None, total=None: told.append((done, total))) == [cached]
    assert cached.stat().st_size == size
    assert told[0] == (0, size)
    assert told[-1] == (size, size)


def test_a_fetched_jar_that_is_not_the_listed_one_is_not_kept(one_jar: tuple[Path, Path], package_source: Path) -> None:
    listed, cached = one_jar
    flip(serve(one_jar, package_source))
    with pytest.raises(ChecksumError, match=f"{cached.name} was fetched, but its SHA-256 is"):
        verified_jars(listed, say=quiet)
    assert not cached.exists()
    assert not list((cached.parents[5]).glob(".fetch-*"))


def test_without_a_network_one_sentence_says_what_and_what_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOBILITY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(FetchError) as refused:
        start(tmp_path / "home", say=quiet)
    said = str(refused.value)
    assert "of Apache Kafka" in said
    assert "could not be fetched: no connection to the package source" in said
    assert "MOBILITY_KAFKA=host:port and MOBILITY_POSTGRES=postgresql://" in said
    assert "\n" not in said
    assert processes_in(tmp_path) == []
