"""How far long work is, where no terminal is: not a line a file, and not silence."""

import pytest

from mobility.progressing import plain


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_tenth_of_a_long_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    report = plain(Watch())
    for done in range(1, 655):
        report("Files", done, 654)
    report("Files", 654, 654)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Files ..."
    assert told[-1] == "Files: 654"
    assert (len(told), told[1]) == (11, "Files: 67 of 654")


def test_a_slow_step_says_so_after_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch()
    report = plain(watch)
    report("Files", 1, 1000)
    watch.now = 9.9
    report("Files", 2, 1000)
    watch.now = 10.1
    report("Files", 3, 1000)
    assert capsys.readouterr().err.splitlines() == ["Files ...", "Files: 3 of 1,000"]


def test_steps_that_are_pieces_of_one_work_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    report = plain(Watch())
    for step, done in (("registers", 0), ("rosters", 1), ("expected answer", 2), ("expected answer", 3)):
        report(step, done, 3)
    assert capsys.readouterr().err.splitlines() == ["registers ...", "rosters ...", "expected answer ..."]
