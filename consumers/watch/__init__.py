"""The watch page: which enterprises need a visit, today, and who has it in hand. Live, behind a sign-in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from consumers.watch.operation import Operation
    from consumers.watch.state import Act, Quarantine


def create_app(
    *,
    dsn: str,
    act: "Act",
    quarantine: "Quarantine | None" = None,
    operation: "Operation | None" = None,
) -> "FastAPI":
    """The page as an ASGI application.

    ``dsn`` is a PostgreSQL URL with the schemas ``store`` (read) and ``watch`` (owned). ``act(unit, action)`` puts an
    officer's action on the log and returns once it is there; whatever it raises is shown as "not sent". ``quarantine``
    is what clerks may do with refused rows, ``operation`` what operators may do with keys, posts and dead records;
    without one there are no such pages.
    """
    from consumers.watch.app import make  # the command line imports accounts alone, and is to answer at once

    return make(dsn=dsn, act=act, quarantine=quarantine, operation=operation)


def serve(app: "FastAPI", *, host: str, port: int) -> None:
    """Serve the page until SIGTERM or SIGINT; it then ends at once, whoever has it open."""
    from consumers.watch.server import Server

    Server(app, host=host, port=port).run()


__all__ = ["create_app", "serve"]
