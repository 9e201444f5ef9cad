"""Where the watch page and the HTTP intake listen: a free port is chosen once and kept in the home folder."""

import socket
from dataclasses import dataclass
from pathlib import Path

from deploy.local.whole_file import read_whole, write_whole
from mobility.errors import UsageError
from mobility.settings import LAST_PORT, Settings


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port of ours. ``stated``: the port of the settings, 0 for none; else ``kept`` remembers one."""

    name: str
    host: str
    stated: int
    kept: Path
    path: str

    @property
    def port(self) -> int:
        """The stated port, else the one kept from before, else a free one."""
        return self.stated or self._remembered() or self.choose()

    @property
    def url(self) -> str:
        """How to reach it from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}{self.path}"

    def choose(self, *, but: int = 0) -> int:
        """Keep a port that is free now, not ``but``: the one of the settings, the one of before if it can be had again,
        or any. UsageError when the one of the settings is taken, or nothing can listen on that host."""
        remembered = self._remembered()
        try:
            port = _free(self.host, self.stated or (remembered if remembered != but else 0))
        except OSError as error:
            if self.stated:
                raise self._taken(error.strerror or str(error)) from None
            port = self._any(but)
        if self.stated and port == but:
            raise self._taken("the other of page and intake has it")
        write_whole(self.kept, str(port))
        return port

    def _any(self, but: int) -> int:
        try:
            port = _free(self.host, 0)
            return _free(self.host, 0) if port == but else port
        except OSError as error:
            raise UsageError(
                f"MOBILITY_{self.name.upper()}_HOST={self.host}: nothing can listen there "
                f"({error.strerror or error}). Name an address of this machine."
            ) from None

    def _taken(self, why: str) -> UsageError:
        variable = f"MOBILITY_{self.name.upper()}_PORT"
        return UsageError(
            f"{variable}={self.stated}: the {self.name} can't listen on that port of {self.host} ({why}). Set "
            f"{variable} to a free one, or leave it out and a free one is chosen."
        )

    def _remembered(self) -> int:
        kept = read_whole(self.kept)
        is_number = kept.isascii() and kept.isdecimal() and len(kept) <= len(str(LAST_PORT))
        return int(kept) if is_number and int(kept) <= LAST_PORT else 0


def page(settings: Settings) -> Address:
    """Where a browser finds the page."""
    return Address("page", settings.page_host, settings.page_port, settings.folder / "page.port", "/")


def intake(settings: Settings) -> Address:
    """Where union software posts to."""
    return Address("intake", settings.intake_host, settings.intake_port, settings.folder / "intake.port", "/v1/")


def choose_both(settings: Settings) -> None:
    """A free port for each, those of the settings first. UsageError."""
    first, second = sorted((page(settings), intake(settings)), key=lambda address: not address.stated)
    second.choose(but=first.choose())


def _free(host: str, port: int) -> int:
    """The port, or with 0 a free one. OSError when it can't be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])
