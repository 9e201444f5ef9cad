"""The watch page: which enterprises need a visit, today, and who has it in hand. Live, behind a sign-in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from consumers.watch.operation import Operation
    from consumers.watch.state import Act, Look, Quarantine


def create_app(
    *,
    dsn: str,
    act: "Act",
    look: "Look | None" = None,
    quarantine: "Quarantine | None" = None,
    operation: "Operation | None" = None,
) -> "FastAPI":
    """The page as an ASGI application.

    ``dsn`` is a PostgreSQL URL with the schemas ``store`` (read) and ``watch`` (owned). ``act(unit, action)`` puts an
    officer's action on the log and returns once it is there; whatever it raises is shown as "not sent".
    ``look(account, person)`` writes down that a clerk looks at a person's trail. ``quarantine`` is what clerks may do
    with refused rows, ``operation`` what operators may do with keys, posts and dead records. Without one there are no
    such pages.
    """
    from consumers.watch.app import make  # the command line imports accounts alone, and is to answer at once

    return make(dsn=dsn, act=act, look=look, quarantine=quarantine, operation=operation)


def serve(app: "FastAPI", *, host: str, port: int, proxy: str = "") -> None:
    """Serve the page until SIGTERM or SIGINT; it then ends at once, whoever has it open.

    ``proxy``: addresses, separated by commas, whose word for who asks, and over what scheme, is taken.
    """
    from consumers.watch.server import Server

    Server(app, host=host, port=port, proxy=proxy).run()


__all__ = ["create_app", "serve"]
