"""The address of the watch page: a free port is chosen once and kept in the home folder."""

import socket

from mobility.settings import Settings


def page_port(settings: Settings) -> int:
    """The setting, else the port kept from before if it is still free, else a free one."""
    if settings.page_port:
        return settings.page_port
    kept = settings.folder / "page.port"
    if kept.exists():
        return int(kept.read_text())
    return choose_page_port(settings)


def choose_page_port(settings: Settings) -> int:
    """Keep a port that is free now; the one of before if it can be had again."""
    if settings.page_port:
        return settings.page_port
    kept = settings.folder / "page.port"
    wanted = int(kept.read_text()) if kept.exists() else 0
    port = _free(settings.page_host, wanted) or _free(settings.page_host, 0)
    settings.folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(port))
    return port


def page_url(settings: Settings) -> str:
    """Where a browser finds the page."""
    host = "127.0.0.1" if settings.page_host in ("0.0.0.0", "::") else settings.page_host  # noqa: S104 - compared
    return f"http://{host}:{page_port(settings)}/"


def _free(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
