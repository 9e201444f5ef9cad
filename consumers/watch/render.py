"""Templates to answers: the whole page, or its content alone when the page asks for it again."""

from datetime import date, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from consumers.watch import figures
from consumers.watch.cookies import FORM, LANGUAGE, put
from consumers.watch.labels import LANGUAGES, Language, label, word
from consumers.watch.tokens import form_token, new_token

FRAGMENT: Final = "x-fragment"
"""Request header: content only, for a page that is open already."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(files("consumers.watch") / "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request) -> Language:
    """What the address asks for, else what was chosen before, else Vietnamese."""
    for said in (request.query_params.get("language"), request.cookies.get(LANGUAGE)):
        if said in LANGUAGES:
            return said
    return LANGUAGES[0]


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with ``templates/TEMPLATE.html``; its blocks are ``title`` and ``content``.

    Where the address chooses a language, it is kept in a cookie and the address comes again without it.
    """
    chosen = request.query_params.get("language")
    if chosen in LANGUAGES and status == 200 and request.method == "GET":
        again = RedirectResponse(address(request), 303)
        put(request, again, LANGUAGE, chosen)
        return again
    session = request.state.session
    token = session.token if session else request.cookies.get(FORM) or new_token()
    context = {
        **_words(language_of(request)),
        "account": session.account if session else "",
        "role": session.role if session else "",
        "form_token": form_token(token),
        "path": request.url.path,
        "here": address(request),
        "address": partial(address, request),
        **values,
    }
    made = _environment().get_template(f"{template}.html")
    if request.headers.get(FRAGMENT):
        text = "".join(made.blocks["content"](made.new_context(context)))
    else:
        text = made.render(context)
    response = HTMLResponse(text, status)
    if not session and token != request.cookies.get(FORM):
        put(request, response, FORM, token)
    return response


def address(request: Request, **changes: object) -> str:
    """This page's address with other parameters; those that are None or empty are left out."""
    stated = {name: value for name, value in request.query_params.items() if name != "language"}
    asked = {name: value for name, value in (stated | changes).items() if value not in (None, "")}
    path = request.url.path if request.method == "GET" or request.url.path == "/sign-in" else "/"
    return path + (f"?{urlencode(asked)}" if asked else "")


def _words(language: Language) -> dict[str, Any]:
    def day(value: date | str | None) -> str:
        return figures.day(language, value)

    def instant(value: datetime | None) -> str:
        return figures.instant(language, value)

    return {
        "language": language,
        "languages": LANGUAGES,
        "t": partial(label, language),
        "w": partial(word, language),
        "n": partial(figures.number, language),
        "signed": partial(figures.signed, language),
        "percent": partial(figures.percent, language),
        "day": day,
        "instant": instant,
    }
