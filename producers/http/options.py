"""Headers that say what a file or a body does not say itself."""

import re
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from producers.http.problems import Problem
from producers.http.rows import OPTION_CHARS
from producers.readers.texts import clean

IDEMPOTENCY_CHARS = 200
IDEMPOTENCY = re.compile(rf"[\x21-\x7e]{{1,{IDEMPOTENCY_CHARS}}}")


def option(request: Request, name: str) -> str:
    """The header's text, percent-decoded; empty when it is not sent. ``Problem`` ``bad-header``, ``doubled-header``."""
    stated = _once(request, name) or ""
    try:
        text = unquote_to_bytes(stated.encode("ascii")).decode()
    except UnicodeError:
        raise Problem("bad-header", name=name, chars=OPTION_CHARS) from None
    if len(text) > OPTION_CHARS:
        raise Problem("bad-header", name=name, chars=OPTION_CHARS)
    return " ".join(clean(text).split())


def idempotency_key(request: Request) -> str:
    """``Idempotency-Key``, empty when it is not sent. ``Problem`` ``bad-idempotency-key``, ``doubled-header``.

    A header without a value is no key: who sends one believes that sending it again is safe.
    """
    stated = _once(request, "Idempotency-Key")
    if stated is None:
        return ""
    if not IDEMPOTENCY.fullmatch(stated):
        raise Problem("bad-idempotency-key", chars=IDEMPOTENCY_CHARS)
    return stated


def _once(request: Request, name: str) -> str | None:
    """The header's value, None when it is not sent. Of two it is not clear which one counts."""
    stated = request.headers.getlist(name)
    if len(stated) > 1:
        raise Problem("doubled-header", name=name)
    return stated[0] if stated else None
