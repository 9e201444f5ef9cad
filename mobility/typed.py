"""What a person types while a command runs: words that no shell may remember, and a yes. Questions go to stderr, so
that stdout has nothing but the answer."""

import sys

import click

from mobility.errors import UsageError


def secret_word(stated: str, what: str, *, twice: bool = False) -> str:
    """The word itself, or of ``-`` what is typed unseen, else a line of stdin: it stays out of the shell's history and
    of process lists. ``twice`` asks again, for a word that nobody can look up. UsageError when there is no line."""
    if stated != "-":
        return stated
    if sys.stdin.isatty():
        asked: str = click.prompt(what, hide_input=True, err=True, confirmation_prompt=twice)
        return asked
    line = sys.stdin.readline()
    if not line:
        raise UsageError(f"{what} is to be typed, and nobody is there to be asked: give it as a line of stdin.")
    return line.strip()


def someone_can_be_asked(*, yes: bool, as_json: bool) -> None:
    """UsageError when a question would have to be asked (no --yes) and nobody could answer it."""
    if not yes and as_json:
        raise UsageError("With --json say --yes too.")
    if not yes and not sys.stdin.isatty():
        raise UsageError("Nobody is there to be asked: say --yes.")
