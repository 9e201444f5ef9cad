"""What can go wrong for good. Everything that may pass is waited for instead."""


class StoreError(Exception):
    """The store cannot go on by itself; the message says what to do."""


class LogMismatchError(StoreError):
    """The database has read further than the log reaches: it belongs to another log, or the log was cut.

    Run ``mobility rebuild`` to make the database again from this log.
    """


class StaleOffsetError(Exception):
    """Somebody else moved the stored offset: a reset, or a second store. Reading starts again at what is stored."""
