"""Where the watch page and the HTTP intake listen: a free port is chosen once and kept in the home folder."""

import socket
from dataclasses import dataclass
from pathlib import Path

from mobility.settings import Settings


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port of ours. ``stated``: the port of the settings, 0 for none; else ``kept`` remembers one."""

    host: str
    stated: int
    kept: Path
    path: str

    @property
    def port(self) -> int:
        """The stated port, else the one kept from before, else a free one."""
        if self.stated:
            return self.stated
        return int(self.kept.read_text()) if self.kept.exists() else self.choose()

    @property
    def url(self) -> str:
        """How to reach it from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared
        return f"http://{host}:{self.port}{self.path}"

    def choose(self) -> int:
        """Keep a port that is free now; the one of before if it can be had again."""
        if self.stated:
            return self.stated
        wanted = int(self.kept.read_text()) if self.kept.exists() else 0
        port = _free(self.host, wanted) or _free(self.host, 0)
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(str(port))
        return port


def page(settings: Settings) -> Address:
    """Where a browser finds the page."""
    return Address(settings.page_host, settings.page_port, settings.folder / "page.port", "/")


def intake(settings: Settings) -> Address:
    """Where union software posts to."""
    return Address(settings.intake_host, settings.intake_port, settings.folder / "intake.port", "/v1/")


def _free(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
