"""What each finding means and what a clerk does about it, in two languages."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Words(NamedTuple):
    """(Vietnamese, English) each."""

    title: tuple[str, str]
    to_do: tuple[str, str]


def words_of(what: str) -> Words:
    """Of one code; a newer step's code that has none yet stands for itself."""
    return _all().get(what) or Words((what, what), _UNKNOWN)


_UNKNOWN = (
    "Xem dòng của hồ sơ rồi hỏi đơn vị; gửi dòng đúng hoặc hủy dòng sai.",
    "See the line of the dossier and ask who sent it; send the right row or cancel the wrong one.",
)


@cache
def _all() -> dict[str, Words]:
    said = tomllib.loads((files("consumers.store") / "finding_words.toml").read_text("utf-8"))
    return {
        what: Words((one["title"][0], one["title"][1]), (one["to_do"][0], one["to_do"][1]))
        for what, one in said.items()
    }
