"""What a file has stated, and where: kept in twelve bytes a fact, over all its parts."""

import pytest

from producers.staging.stated_lines import StatedLines, twice


@pytest.mark.parametrize(
    "places",
    [
        ["row 2", "row 3", "row 90000"],
        ['sheet "Tháng 10", row 7', 'sheet "Tháng 10", row 8', "sheet 2, row 7"],
        ["LaoDong 1 of D02-TS-595.xml", "LaoDong 2 of D02-TS-595.xml", "LaoDong 1 of D05-TS.xml"],
        ["item 1", "", "item 3"],
    ],
)
@pytest.mark.parametrize("asked_first", [False, True])
def test_the_place_of_the_first_row_is_told(places: list[str], asked_first: bool) -> None:
    lines = StatedLines()
    if asked_first:
        assert lines.place_of("f0") is None
    for number, place in enumerate(places):
        lines.add([f"f{number}", f"g{number}"], place)
    lines.add(["f0"], "row 99")
    assert [lines.place_of(f"{of}{number}") for number in range(3) for of in "fg"] == [p for p in places for _ in "fg"]
    assert lines.place_of("other") is None


def test_an_unknown_place_is_left_out_of_the_sentence() -> None:
    assert "(row 2; row 3)" in twice("1", "row 2", "row 3", numbered=True).en
    assert "(" not in twice("1", "", "row 3", numbered=True).en
    assert "(" not in twice("1", "LaoDong 1 of a.xml", "LaoDong 1 of a.xml", numbered=True).en
