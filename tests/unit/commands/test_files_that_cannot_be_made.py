"""A file that can't be written is a sentence, said before anything else is done."""

from pathlib import Path

import pytest

from mobility.errors import UsageError
from mobility.new_file import new_file
from tests.unit.commands.test_errors_for_scripts import mobility


@pytest.mark.parametrize(
    "words",
    [("person", "export", "0" * 32, "--why", "asked", "--out"), ("vault", "backup", "--out")],
    ids=["export", "backup"],
)
def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, _, said = mobility(tmp_path, *words, str(tmp_path / "none" / "out.html"))
    assert code == 2
    assert "There is no folder" in said
    assert "Traceback" not in said


def test_nothing_is_left_of_an_export_that_did_not_take_place(tmp_path: Path) -> None:
    code, _, _ = mobility(tmp_path, "person", "export", "0" * 32, "--why", "asked", "--out", str(tmp_path / "out.html"))
    assert code == 3  # nothing runs there
    assert not (tmp_path / "out.html").exists()


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "out.html").write_text("mine")
    with pytest.raises(UsageError, match="exists"), new_file(tmp_path / "out.html"):
        pass
    assert (tmp_path / "out.html").read_text() == "mine"
