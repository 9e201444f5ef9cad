"""Whether the page and the intake of a run answer: that run's, not another program's or home's on the same port."""

import urllib.request
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "X-Mobility-Run"
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy is not asked about this machine


class NamesItsRun:
    """Adds the run's random id to the answers about health, and to no others. A role that runs alone has none."""

    def __init__(self, app: ASGIApp, *, run: str) -> None:
        self._app, self._known, self._header = app, bool(run), (HEADER.lower().encode("ascii"), run.encode("ascii"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI wants it."""

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), self._header]
            await send(message)

        asks = self._known and scope["type"] == "http" and scope["path"] in ("/health", "/v1/health")
        await self._app(scope, receive, named if asks else send)


def silent_or_foreign(run: str, *addresses: str) -> list[str]:
    """Those of the addresses (``http://host:port/…/``) where this run does not answer."""
    return [address for address in addresses if not run or _run_at(address) != run]


def _run_at(address: str) -> str:
    try:
        with _OPENER.open(f"{address}health", timeout=2) as answer:
            return str(answer.headers.get(HEADER, ""))
    except (OSError, ValueError):  # URLError is an OSError
        return ""
