"""Secrets of a browser: the value of its cookie, and what is derived from it."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, for a cookie."""
    return secrets.token_urlsafe(32)


def kept(token: str) -> bytes:
    """What the database keeps of a token. It is random, so one round of SHA-256 can't be turned back."""
    return hashlib.sha256(token.encode()).digest()


def form_token(token: str) -> str:
    """What a form of this browser carries: nobody can make it who can't read the HttpOnly cookie."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def same_form(token: str, stated: str) -> bool:
    """Whether a form came from this browser, in constant time."""
    return hmac.compare_digest(form_token(token).encode(), stated.encode())
