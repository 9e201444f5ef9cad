"""What ``--replaces`` names has to be there: a D02 dossier's number is its employer's (meaning, rules 8 and 9)."""

from collections.abc import Collection
from contextlib import suppress

from producers.index.dossiers import Dossiers
from producers.units.tax_code import Place
from producers.validate.claims import FileFault, RowFault
from producers.validate.context import Context, row_place
from producers.validate.d02 import SOURCE as D02_SOURCE

SHOWN = 5
UNKNOWN = "unknown-dossier"


def find_replaced(dossiers: Dossiers, source: str, replaces: str) -> frozenset[str]:
    """Places that have the dossier before the file is staged; ``check_replaced`` holds the file's own against them.

    ``FileFault`` for a register, which is replaced as a whole file, when no such file was taken in.
    """
    if source == D02_SOURCE:
        return dossiers.places(replaces, source)
    if not dossiers.exists(replaces, source):
        raise FileFault(
            UNKNOWN,
            f"--replaces {replaces}: chưa nhận hồ sơ nào mang số này. Kiểm tra số hồ sơ rồi gửi lại.",
            f"--replaces {replaces}: nothing was taken in under this dossier. Check the number and send again.",
        )
    return frozenset()


def place_of_refused(values: dict[str, str], context: Context) -> Place | None:
    """Where a refused row speaks for: its dossier may be the replaced one though none of its rows is good."""
    with suppress(RowFault):
        return row_place(values, context, context.today)
    return None


def check_replaced(context: Context, places: Collection[str], stood: frozenset[str], *, named: bool) -> None:
    """``FileFault`` when no place that a D02 file speaks for had the dossier: it would replace nothing, and persons
    would count under two units.

    ``named``: the sentence may say where it stands. Else it is the one for a number that nobody has, so that a sender
    learns nothing of other employers' dossiers.
    """
    if context.source != D02_SOURCE or not stood.isdisjoint(places):
        return
    replaces = context.replaces
    vi = (
        f"--replaces {replaces}: chưa nhận hồ sơ nào mang số này của đơn vị nào trong tệp."
        " Kiểm tra số hồ sơ và mã số thuế rồi gửi lại."
    )
    en = (
        f"--replaces {replaces}: nothing was taken in under this dossier for any unit of the file."
        " Check its number and the tax codes, and send again."
    )
    if named and stood:
        shown = ", ".join(place.removeprefix("e") for place in sorted(stood)[:SHOWN])
        more = len(stood) - SHOWN
        also_vi, also_en = (f" và {more} nơi khác", f" and {more} more") if more > 0 else ("", "")
        vi += (
            f" Hồ sơ này đã nộp cho {shown}{also_vi}. Nếu nộp nhầm đơn vị: gửi các dòng hủy với mã số thuế ấy"
            f" (action=cancel, cites={replaces}:DÒNG), rồi gửi lại tệp này, bỏ --replaces."
        )
        en += (
            f" It was filed for {shown}{also_en}. If that was the wrong unit: send rows with that tax code that cancel"
            f" its lines (action=cancel, cites={replaces}:LINE), then send this file again, without --replaces."
        )
    raise FileFault(UNKNOWN, vi, en)
