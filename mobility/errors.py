"""What goes wrong, as the user reads it, and the exit code that says it to a script."""

DONE, FOUND_WRONG, WRONG_USAGE, UNREACHABLE = 0, 1, 2, 3
INTERRUPTED, UNREAD = 130, 141
"""Ctrl-C, and a reader of the output who has gone (``| head``): as a shell has them of SIGINT and SIGPIPE."""


class MobilityError(Exception):
    """Something was found wrong. The message is a sentence for the user, with the next step."""

    exit_code = FOUND_WRONG


class UsageError(MobilityError):
    """The command was called in a way that can't work."""

    exit_code = WRONG_USAGE


class UnreachableError(MobilityError):
    """A service can't be reached."""

    exit_code = UNREACHABLE


class NotBackError(UnreachableError):
    """Somebody holds the home, but a service of it is not there: it is being started, again or for the first time."""

    def __init__(self, home: object) -> None:
        super().__init__(
            f"{home} runs, or is just being started or stopped, but its Kafka or PostgreSQL is not there yet. "
            f"Wait a minute and try again; {home}/logs says what happens."
        )


class NotRunningError(UnreachableError):
    """Nothing runs in this home and no outside service is set."""

    def __init__(self, home: object) -> None:
        super().__init__(
            f"Nothing runs in {home}. Start it with: mobility up --detach. "
            "Or name services that exist: MOBILITY_KAFKA=host:port and MOBILITY_POSTGRES=DSN."
        )
