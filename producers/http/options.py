"""Headers that say what a file or a body does not say itself."""

import re
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from producers.http.problems import Problem
from producers.http.rows import OPTION_CHARS
from producers.readers.texts import clean

IDEMPOTENCY = re.compile(r"[\x21-\x7e]{0,200}")


def option(request: Request, name: str) -> str:
    """The header's text, percent-decoded; empty when it is not sent. ``Problem`` ``bad-header``."""
    stated = request.headers.get(name, "")
    try:
        text = unquote_to_bytes(stated.encode("ascii")).decode()
    except UnicodeError:
        raise Problem("bad-header", name=name, chars=OPTION_CHARS) from None
    if len(text) > OPTION_CHARS:
        raise Problem("bad-header", name=name, chars=OPTION_CHARS)
    return " ".join(clean(text).split())


def idempotency_key(request: Request) -> str:
    """``Idempotency-Key``, empty when it is not sent. ``Problem`` ``bad-header``."""
    stated = request.headers.get("idempotency-key", "")
    if not IDEMPOTENCY.fullmatch(stated):
        raise Problem("bad-header", name="Idempotency-Key", chars=200)
    return stated
