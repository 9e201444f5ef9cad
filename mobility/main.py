"""``mobility``: the commands, loaded when called, and how they end."""

import importlib
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from mobility.document import Document
from mobility.errors import FOUND_WRONG, INTERRUPTED, UNREACHABLE, UNREAD, WRONG_USAGE, MobilityError, UnreachableError
from mobility.roles.logs import keep_clients_silent

COMMANDS = {
    "up": "start everything: Kafka, PostgreSQL, streams, store, watch page, clock",
    "down": "stop everything that up started",
    "demo": "a synthetic city, from files to alerts on a live page",
    "ingest": "take files in: dossiers, rosters, registers; prints a receipt",
    "synth": "write the files of a synthetic city, with the expected answer",
    "status": "live counts of enterprises and unions",
    "areas": "boundary sets: wards before and since 2025, parks, union groupings; load another province",
    "alerts": "enterprises with 20 or more workers and no union",
    "explain": "the facts behind a count, to the dossier's line",
    "findings": "facts that have no effect or another one than they claim, with what to do",
    "verify": "recompute counts and alerts from the log and compare live state and PostgreSQL",
    "clock": "the day that counts speak of; move it by hand",
    "drop": "a watched folder: files put there are taken in by themselves",
    "template": "empty workbooks with the right columns, to fill in",
    "quarantine": "refused rows: see why, correct, send again, or give up",
    "person": "the member record: find, see, correct, export, merge",
    "erase": "erase a person: numbers, record and key",
    "vault": "the vault's key and its backup",
    "dead": "records that a step could not process",
    "rebuild": "recreate the store from Kafka",
    "key": "API keys of the HTTP intake for union software",
    "posts": "posts of the HTTP intake that are held: see why, try again, refuse",
    "account": "accounts of the watch page",
    "bench": "the core workload, measured beside its peers",
}
_KINDS = {FOUND_WRONG: "wrong", WRONG_USAGE: "usage", UNREACHABLE: "unreachable", INTERRUPTED: "interrupted"}
"""Of errors, in the document for scripts."""
HIDDEN = {"run": "one role in the foreground (what up starts)"}


class UnreadError(Exception):
    """Nobody reads stdout any more."""


class Commands(click.Group):
    """Imports a command's module only when it is called, so that help answers at once."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Reads the words, and prints help."""
        with _as_long_as_it_is_read():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """The command, and all that it prints."""
        with _as_long_as_it_is_read():
            ended = super().invoke(ctx)
            sys.stdout.flush()
            return ended

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of ``mobility.commands.NAME``."""
        if cmd_name not in COMMANDS and cmd_name not in HIDDEN:
            return None
        command: click.Command = importlib.import_module(f"mobility.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table above: nothing is imported for a list."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="union-mobility")
def mobility() -> None:
    """Tracks how workers and union members move between enterprises, exact to the person.

    \b
    A first day:
      mobility up --detach            start everything in the folder .mobility
      mobility ingest FILE...         take in dossiers, rosters and registers
      mobility status 0200000007      one enterprise's live counts
      mobility alerts                 who has 20 or more workers and no union
      mobility down                   stop

    Every command has --json. Exit codes: 0 done, 1 something was found wrong (rows refused, too),
    2 wrong usage, 3 a service can't be reached, 130 interrupted (Ctrl-C). Settings: MOBILITY_HOME, MOBILITY_KAFKA,
    MOBILITY_POSTGRES, MOBILITY_CLOCK and others; see README.
    """


def main() -> None:
    """Run the command line; every error ends as one sentence and an exit code."""
    Document.begun, Interrupt.came = False, False
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, Interrupt.take)
    try:
        keep_clients_silent()
        code = mobility(standalone_mode=False)  # the exit code of a command that ends with one, else None
        sys.exit(code or 0)
    except UnreadError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to be flushed has nowhere to go
        sys.exit(UNREAD)
    except (click.Abort, KeyboardInterrupt) as error:
        said_no = isinstance(error, click.Abort) and error.__cause__ is None
        _end_interrupted("It was not confirmed: nothing was done." if said_no else "Interrupted.")
    except click.ClickException as error:
        error.show()
        _end(error.format_message(), WRONG_USAGE)
    except MobilityError as error:
        click.echo(f"mobility: {error}", err=True)
        _end(str(error), error.exit_code)
    except Exception as error:
        if Interrupt.came:
            _end_interrupted("Interrupted.")
        from mobility.sentences import sentence_of

        told = sentence_of(error)
        if told is None:
            raise
        click.echo(f"mobility: {told[0]}", err=True)
        _end(*told)


class Interrupt:
    """Ctrl-C: a package that is being imported may make an error of its own of it (pydantic does)."""

    came = False

    @classmethod
    def take(cls, *_: object) -> NoReturn:
        """The handler of SIGINT, until a command has its own."""
        cls.came = True
        raise KeyboardInterrupt


def _end_interrupted(sentence: str) -> NoReturn:
    click.echo(f"mobility: {sentence}", err=True)
    _end(sentence, INTERRUPTED)


def _end(sentence: str, code: int) -> NoReturn:
    """With ``--json`` a script finds the error on stdout too, unless the command's own document is there already."""
    if "--json" in sys.argv[1:] and not Document.begun:
        from mobility.output import print_json

        print_json({"error": {"kind": _KINDS[code], "exit_code": code, "message": sentence}})
    sys.exit(code)


@contextmanager
def _as_long_as_it_is_read() -> Iterator[None]:
    """UnreadError once stdout is closed, which click would end with 1; UnreachableError for a service's connection."""
    try:
        yield
    except BrokenPipeError as error:
        if _nobody_reads():
            raise UnreadError from None
        raise UnreachableError("A service closed its connection while it was asked. Is it running?") from error


def _nobody_reads() -> bool:
    """Whether the other end of stdout was closed."""
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in asked.poll(0))
