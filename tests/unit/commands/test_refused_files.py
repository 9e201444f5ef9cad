"""What ``mobility ingest`` says of refusals: every refused file, and of refused rows the first ones."""

import pytest

from mobility.commands.ingest import SHOWN, _print
from schemas.states import Receipt, Refused


def receipt(name: str, refused: list[Refused], total: int) -> Receipt:
    return Receipt(
        dossier=name, batch="0" * 32, file=name, sha256="0" * 64, feed="bhxh", accepted=0, unchanged=0,
        refused=refused, refused_total=total,
    )  # fmt: skip


def test_files_refused_as_a_whole_are_all_named_since_quarantine_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Refused(line=str(n), field="line", reason="conflict", message=f"rows.csv, row {n}") for n in range(1, 31)]
    whole = [
        receipt(f"{n}.bin", [Refused(line="", field="", reason="unknown", message=f"{n}.bin: no form known")], 1)
        for n in range(40)
    ]
    _print([receipt("rows.csv", rows, 2_000), *whole])
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if "no form known" in line] == [f"{n}.bin: no form known" for n in range(40)]
    assert len([line for line in said if line.startswith("rows.csv, row")]) == SHOWN
    assert said[-1] == f"... and {2_000 - SHOWN:,} more: mobility quarantine lists all of them."


def test_nothing_more_is_said_when_files_alone_were_refused(capsys: pytest.CaptureFixture[str]) -> None:
    _print([receipt("a.bin", [Refused(line="", field="", reason="unknown", message="a.bin: no form")], 1)] * 30)
    assert "more" not in capsys.readouterr().err
