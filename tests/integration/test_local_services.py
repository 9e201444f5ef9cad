"""The embedded Kafka and PostgreSQL, on the real things: started, killed, damaged, stopped."""

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import (
    ChecksumError,
    Endpoints,
    FetchError,
    StartError,
    jvm,
    kafka_classpath,
    kafka_pid,
    lock_file,
    postgres_pid,
    process,
    running,
    start,
    start_kafka,
    start_postgres,
    stop,
    verified_jars,
)

pytest_plugins = ("tests.services",)
pytestmark = pytest.mark.services


def quiet(step: str, done: int | None = None, total: int | None = None) -> None:
    if done is None:
        print(step)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home") / "công đoàn, Hải Phòng"
    yield home
    stop(home)


@pytest.fixture
def home(made_home: Path) -> Path:
    """A home with both services running, whatever the test before did to them."""
    start(made_home, say=quiet)
    return made_home


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def fill(kafka: str, topic: str, count: int) -> None:
    async def work() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        await admin.start()
        await admin.create_topics([NewTopic(topic, 2, 1)])
        await admin.close()
        async with (
            AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=topic) as producer,
            producer.transaction(),
        ):
            for number in range(count):
                await producer.send(topic, str(number).encode(), partition=number % 2)

    asyncio.run(work())


def read(kafka: str, topic: str, count: int) -> list[int]:
    """All that is committed, sorted: waits for ``count``, then a moment for any more.

    A commit is answered before its markers are in the log, and a broker killed in between writes them when
    it is back; so the end that a reader of committed records sees may lag.
    """

    async def work() -> list[int]:
        found: list[int] = []
        more: dict[TopicPartition, list[ConsumerRecord]] = {}
        async with AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed") as consumer:
            consumer.assign([TopicPartition(topic, 0), TopicPartition(topic, 1)])
            await consumer.seek_to_beginning()
            while len(found) < count or more:
                more = await consumer.getmany(timeout_ms=300)
                found += [int(record.value) for records in more.values() for record in records]
        return sorted(found)

    return asyncio.run(asyncio.wait_for(work(), 20))


def processes_in(home: Path) -> list[str]:
    found = []
    for one in psutil.process_iter():
        try:
            if Path(one.cwd()).is_relative_to(home.resolve()):
                found.append(" ".join(one.cmdline())[:80])
        except (psutil.Error, OSError):
            continue
    return found


def port_of(endpoint: str) -> int:
    return int(endpoint.rsplit(":", 1)[1].removesuffix("/mobility"))


def test_a_second_start_finds_what_runs(home: Path) -> None:
    first, pids = running(home), (kafka_pid(home), postgres_pid(home))
    begun = time.monotonic()
    assert start(home, say=quiet) == first
    assert time.monotonic() - begun < 1.0
    assert (kafka_pid(home), postgres_pid(home)) == pids


def test_a_warm_start_is_quick_and_keeps_the_ports(home: Path) -> None:
    before = running(home)
    stop(home)
    begun = time.monotonic()
    assert start(home, say=quiet) == before
    assert time.monotonic() - begun < 15.0


def test_stop_leaves_no_process_and_no_open_port(home: Path) -> None:
    was = running(home)
    assert was is not None
    assert processes_in(home)
    stop(home)
    assert processes_in(home) == []
    assert running(home) is None
    for port in (port_of(was.kafka), port_of(was.postgres)):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
    stop(home)


def test_stop_of_a_home_that_never_was_is_no_error(tmp_path: Path) -> None:
    stop(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_killed_broker_comes_back_with_its_data_and_port(home: Path) -> None:
    was = running(home)
    assert was is not None
    fill(was.kafka, "killed", 2_000)
    for _ in range(2):
        kill(kafka_pid(home))
        assert running(home) is None
        assert start(home, say=quiet) == was
        assert read(was.kafka, "killed", 2_000) == list(range(2_000))


def test_a_broker_killed_while_many_commit_leaves_no_transaction_hanging(home: Path) -> None:
    """Kafka 4.3.1 and 4.4.0 fail this: commits that were answered never become readable."""
    count = 12

    async def commit_for_ever(
        kafka: str, topic: str, partition: int, commits: list[int], killed: asyncio.Event
    ) -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=kafka, transactional_id=f"{topic}-{partition}", transaction_timeout_ms=3_000
        ) as producer:
            while not killed.is_set():
                async with producer.transaction():
                    await producer.send_and_wait(topic, b"x" * 100, partition=partition)
                commits[partition] += 1
                if min(commits) >= 5 and not killed.is_set():
                    kill(kafka_pid(home))  # a commit was answered this moment, its markers are on their way
                    killed.set()

    async def kill_while_committing(kafka: str, topic: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        await admin.start()
        await admin.create_topics([NewTopic(topic, count, 1)])
        await admin.close()
        commits, killed = [0] * count, asyncio.Event()
        writers = [asyncio.create_task(commit_for_ever(kafka, topic, n, commits, killed)) for n in range(count)]
        await asyncio.wait_for(killed.wait(), 90)
        for writer in writers:
            writer.cancel()
        await asyncio.wait(writers, timeout=3)

    async def ends(kafka: str, topic: str, level: str) -> list[int]:
        partitions = [TopicPartition(topic, n) for n in range(count)]
        async with AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level=level) as consumer:
            return list((await consumer.end_offsets(partitions)).values())

    for topic in ("committing-1", "committing-2"):
        asyncio.run(kill_while_committing(start(home, say=quiet).kafka, topic))
        kafka = start(home, say=quiet).kafka
        until = time.monotonic() + 30  # transactions that were open are aborted after 3 s, looked for every 10 s
        while True:
            readable = asyncio.run(ends(kafka, topic, "read_committed"))
            written = asyncio.run(ends(kafka, topic, "read_uncommitted"))
            if readable == written:
                break
            assert time.monotonic() < until, f"of {written} only {readable} can be read"
            time.sleep(0.3)
        assert sum(written) > count


def test_a_killed_postgres_keeps_what_was_committed(home: Path) -> None:
    was = running(home)
    assert was is not None
    with psycopg.connect(was.postgres) as line:
        line.execute("CREATE TABLE kept (n int)")
        line.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    held = psycopg.connect(was.postgres)  # a backend that outlives the killed first process a little
    held.execute("SELECT 1")
    kill(postgres_pid(home))
    assert start(home, say=quiet) == was
    held.close()
    with psycopg.connect(was.postgres) as line:
        assert line.execute("SELECT sum(n) FROM kept").fetchone() == (500_500,)


def test_pid_files_that_name_another_program_are_seen_through(home: Path) -> None:
    was = running(home)
    stop(home)
    (home / "kafka" / "pid").write_text(f"{os.getpid()}\n")
    kept = f"{os.getpid()}\n{home.resolve()}/postgres/data\n1\n5432\n\n127.0.0.1\n 1 1\nready\n"
    (home / "postgres" / "data" / "postmaster.pid").write_text(kept)
    assert kafka_pid(home) is None
    assert postgres_pid(home) is None
    assert start(home, say=quiet) == was


def test_a_broker_is_found_without_its_pid_file(home: Path) -> None:
    pid = kafka_pid(home)
    (home / "kafka" / "pid").unlink()
    assert kafka_pid(home) == pid
    start(home, say=quiet)
    assert kafka_pid(home) == pid


def test_a_port_that_another_program_took_is_chosen_anew(home: Path) -> None:
    was = running(home)
    assert was is not None
    stop(home)
    with (
        socket.create_server(("127.0.0.1", port_of(was.kafka))),
        socket.create_server(("127.0.0.1", port_of(was.postgres))),
    ):
        now = start(home, say=quiet)
    assert now == running(home)
    assert now.kafka != was.kafka
    assert now.postgres != was.postgres


def test_lost_meta_properties_are_restored_with_the_topics(home: Path) -> None:
    was = running(home)
    assert was is not None
    fill(was.kafka, "restored", 10)
    stop(home)
    (home / "kafka" / "data" / "meta.properties").write_text("")
    assert read(start(home, say=quiet).kafka, "restored", 10) == list(range(10))


def test_a_half_formatted_storage_is_formatted_again(tmp_path: Path) -> None:
    data = tmp_path / "kafka" / "data"
    (data / "__cluster_metadata-0").mkdir(parents=True)
    try:
        fill(start_kafka(tmp_path, say=quiet), "fresh", 3)
    finally:
        stop(tmp_path)
    assert (tmp_path / "kafka" / "data.half-formatted-1" / "__cluster_metadata-0").is_dir()


def test_data_without_its_identity_is_never_formatted_over(tmp_path: Path) -> None:
    topic = tmp_path / "kafka" / "data" / "mobility.events-0"
    topic.mkdir(parents=True)
    with pytest.raises(StartError, match=r"data holds 1 partitions, but neither meta\.properties"):
        start_kafka(tmp_path, say=quiet)
    assert topic.is_dir()


def test_a_data_folder_of_another_postgres_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(StartError, match="was made by PostgreSQL 15"):
        start_postgres(tmp_path, say=quiet)


def test_services_outlive_the_program_that_started_them_and_its_ctrl_c(home: Path) -> None:
    stop(home)
    script = "import sys,time,pathlib; from deploy.local import start\n"
    script += "start(pathlib.Path(sys.argv[1]), say=lambda *a: None); print('up', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        pids = (kafka_pid(home), postgres_pid(home))
        os.killpg(starter.pid, signal.SIGINT)
        starter.wait(10)
    assert running(home) is not None
    assert (kafka_pid(home), postgres_pid(home)) == pids


def test_two_starts_at_once_make_one_broker(home: Path) -> None:
    stop(home)
    script = "import sys,pathlib; from deploy.local import start\n"
    script += "e = start(pathlib.Path(sys.argv[1]), say=lambda *a: None); print(e.kafka, e.postgres)"
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = {one.communicate(timeout=60)[0].strip() for one in both}
    was = running(home)
    assert was is not None
    assert said == {f"{was.kafka} {was.postgres}"}
    assert len(process.all_in(home.resolve() / "kafka", "kafka.Kafka")) == 1


def test_only_this_machine_and_only_the_password_get_in(home: Path) -> None:
    was = running(home)
    assert was is not None
    assert stat.S_IMODE((home / "postgres" / "password").stat().st_mode) == 0o600
    password = (home / "postgres" / "password").read_text().strip()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(was.postgres.replace(password, "guess"))
    for pid in (kafka_pid(home), postgres_pid(home)):
        listening = [c for c in psutil.Process(pid).net_connections("inet") if c.status == "LISTEN"]
        assert listening
        assert {c.laddr.ip.removeprefix("::ffff:") for c in listening} == {"127.0.0.1"}


def test_postgres_logs_no_value_of_a_refused_row(home: Path) -> None:
    was = running(home)
    assert was is not None
    with psycopg.connect(was.postgres, autocommit=True) as line:
        line.execute("CREATE TABLE vault (number text PRIMARY KEY)")
        line.execute("INSERT INTO vault VALUES ('031099001234')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            line.execute("INSERT INTO vault VALUES ('031099001234')")
    log = (home / "logs" / "postgres.log").read_text()
    assert "vault_pkey" in log
    assert "031099001234" not in log


def test_a_damaged_start_up_cache_does_not_keep_the_broker_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = kafka_classpath(say=quiet)
    folder = next(parent for parent in jars[0].parents if parent.name == "jars")
    monkeypatch.setenv("MOBILITY_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "jars").symlink_to(folder)
    jvm.start_up_cache(kafka_classpath(say=quiet)).write_bytes(os.urandom(1 << 16))
    try:
        fill(start_kafka(tmp_path / "home", say=quiet), "damaged", 3)
    finally:
        stop(tmp_path / "home")


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


def test_a_fresh_database_is_empty_and_not_the_services_own(fresh_database: str, endpoints: Endpoints) -> None:
    assert fresh_database != endpoints.postgres
    with psycopg.connect(fresh_database) as line:
        found = line.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)
