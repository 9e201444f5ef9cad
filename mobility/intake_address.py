"""The address of the HTTP intake: a free port is chosen once and kept in the home folder, as the page's is."""

import socket

from mobility.settings import Settings

KEPT = "intake.port"


def intake_port(settings: Settings) -> int:
    """The setting, else the port kept from before, else a free one, kept from now on."""
    if settings.intake_port:
        return settings.intake_port
    kept = settings.folder / KEPT
    return int(kept.read_text()) if kept.exists() else choose_intake_port(settings)


def choose_intake_port(settings: Settings) -> int:
    """Keep a port that is free now; the one of before if it can be had again."""
    if settings.intake_port:
        return settings.intake_port
    kept = settings.folder / KEPT
    wanted = int(kept.read_text()) if kept.exists() else 0
    port = _free(settings.intake_host, wanted) or _free(settings.intake_host, 0)
    settings.folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(port))
    return port


def intake_url(settings: Settings) -> str:
    """Where union software posts to."""
    host = "127.0.0.1" if settings.intake_host in ("0.0.0.0", "::") else settings.intake_host  # noqa: S104 - compared
    return f"http://{host}:{intake_port(settings)}/v1/"


def _free(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
