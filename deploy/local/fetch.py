"""Fetching jars with jgo's resolver, several at once, with progress in bytes."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import INSTEAD, FetchError
from deploy.local.lock_file import Jar
from deploy.local.say import OneAtATime, Say

_AT_ONCE = 3
_TRIES = 3
_SECONDS = 20
"""Without an answer for so long, a request has failed."""


def fetch(title: str, jars: list[Jar], folder: Path, size: int, say: Say) -> None:
    """Fetches the jars (about ``size`` bytes) into ``folder``, laid out as in a Maven repository.

    Raises ``FetchError``, one sentence that names the first jar that could not be had.
    """
    progress = _Progress(f"{title}: fetching {len(jars)} jars", size, OneAtATime(say))
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch") as pool:
        tasks = {pool.submit(_fetch_one, jar, folder, progress): jar for jar in jars}
        try:
            done, _ = wait(tasks, return_when=FIRST_EXCEPTION)
        except BaseException:
            progress.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        failed = [(jar, task.exception()) for task, jar in tasks.items() if task in done and task.exception()]
        if failed:
            progress.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            jar, error = failed[0]
            if isinstance(error, _NotHad):
                raise FetchError(_sentence(title, jar, len(jars), str(error))) from error
            raise error or AssertionError(jar)


class _NotHad(Exception):
    """Why one jar could not be had."""


class _Progress:
    """Adds up the bytes of all threads; jgo calls it as its progress callback."""

    def __init__(self, step: str, size: int, say: OneAtATime) -> None:
        self._step, self._size, self._say = step, size, say
        self._done = self._told = 0
        self._adding = threading.Lock()
        say(step, 0, size)

    def stop(self) -> None:
        self._say.stop()

    def _add(self, count: int) -> None:
        with self._adding:
            self._done += count
            if self._done - self._told < 1 << 20 and self._done < self._size:
                return
            self._told = self._done
        self._say(self._step, min(self._done, self._size), self._size)

    @contextmanager
    def __call__(self, _name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield self._add


def _fetch_one(jar: Jar, folder: Path, progress: _Progress) -> None:
    try:
        from jgo.config import GlobalSettings
        from jgo.maven import MavenContext, PythonResolver
    except ImportError as error:
        raise _NotHad(f"the Python package {error.name} is not installed") from error
    group, name, version, classifier = jar.coordinate
    mirrors = GlobalSettings.load().repositories
    context = MavenContext(
        resolver=PythonResolver(progress_callback=progress),
        repo_cache=folder,
        remote_repos=mirrors or None,
        timeout=_SECONDS,
    )
    artifact = context.project(group, name).at_version(version).artifact(classifier, "jar")
    for left in reversed(range(_TRIES)):
        try:
            artifact.context.resolver.download(artifact)
            return
        except RuntimeError as error:
            raise _NotHad("the package source does not have it") from error
        except OSError as error:  # the errors of requests too
            part = folder / jar.path
            if error.filename is not None:
                raise _NotHad(f"{error.strerror}, {error.filename}") from error
            if not left or not part.exists():
                raise _NotHad("no connection to the package source") from error
            part.unlink()  # the line dropped midway: worth another try


def _sentence(title: str, jar: Jar, count: int, reason: str) -> str:
    others = f" (one of {count} jars)" if count > 1 else ""
    return (
        f"{jar.name}{others} of {title} could not be fetched: {reason}; "
        f"connect this machine to the network (or set a mirror in jgo's settings), {INSTEAD}"
    )
