"""The answering end of a sealing process; see ``sealprocess`` for the frames."""

import gc
import marshal
import struct
import sys

from producers.vault.newcomers import Hand, rows_of


def main() -> None:
    """``python -m producers.vault.sealworker``: frames of newcomers in, frames of rows out, until the input ends."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold keys and names
    except ImportError:
        pass
    gc.disable()  # blocks are flat and never hold cycles
    asked, out = sys.stdin.buffer, sys.stdout.buffer
    while len(size := asked.read(8)) == 8:
        hand, newcomers = marshal.loads(asked.read(struct.unpack("<Q", size)[0]))  # noqa: S302 - from our own parent
        frame = marshal.dumps(rows_of(newcomers, Hand(*hand)))
        out.write(struct.pack("<Q", len(frame)) + frame)
        out.flush()


if __name__ == "__main__":
    main()
