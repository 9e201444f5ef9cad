"""Tables: codes can be copied from any terminal, and a pipe gets a row a line."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from mobility.output import print_table

ID = "0123456789abcdef0123456789abcdef"
SCRIPT = f"""
from mobility.output import print_table
print_table(["unit", "person", "count", "message"],
            [("0200000007", "{ID}", 1234567, "a long sentence that folds between its words " * 3)])
"""


def on_a_terminal(columns: int) -> str:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=theirs, env={**kept, "TERM": "dumb"}) as process:
        os.close(theirs)
        told = b""
        try:
            while piece := os.read(ours, 4096):
                told += piece
        except OSError:
            pass  # the end of a terminal
        assert process.wait(30) == 0
    os.close(ours)
    return told.decode()


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_codes_stay_whole_and_texts_fold(columns: int) -> None:
    told = on_a_terminal(columns)
    for whole in (ID, "0200000007", "1,234,567", "sentence"):
        assert whole in told
    if columns > 60:
        assert max(map(len, told.splitlines())) <= columns


def test_a_pipe_gets_a_row_a_line_without_blanks_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["code", "name"], [("1", "x" * 300), ("2", "[short] :smile:"), ("3", None)], title="Title")
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Title"
    assert told[3] == "2     [short] :smile:", "neither markup nor a picture"
    assert (len(told), max(map(len, told))) == (5, 306)
    assert all(line == line.rstrip() for line in told)
