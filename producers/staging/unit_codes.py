"""A unit code of the social insurance has one holder on a day: rows of dossiers find their enterprise by it."""

from typing import TYPE_CHECKING

from producers.units.tax_code import Place
from producers.validate.claims import RegistryClaim, RowFault, Stated
from producers.validate.enterprise import SOURCE
from schemas.ids import register_fact_id
from schemas.registry import RegistryChange

if TYPE_CHECKING:
    from producers.staging.file import FileStaging

STATED = RegistryChange.ENTERPRISE_STATED.value


def check_unit_code(stated: Stated, staging: "FileStaging") -> None:
    """``RowFault`` when another enterprise took the code on the very day of the row, and has it still."""
    if stated.unit_code is None or stated.place is None:
        return
    code, since = stated.unit_code
    directory = staging.desk.directory
    holder = directory.taken_on(code, since)
    if holder is None or holder.unit == stated.place.unit:
        return
    if directory.has_given_up(holder, since, code) or not _stands(holder, since, staging):
        return
    named = holder.branch or holder.unit[1:]
    raise RowFault(
        "unit_code",
        "unit-code-taken",
        f"mã đơn vị {code} từ {since} đã là của doanh nghiệp {named}. Sửa mã ở dòng này, hoặc đính chính dòng của"
        f" {named} trước, rồi gửi lại.",
        f"unit code {code} belongs to enterprise {named} from {since} on. Correct the code in this row, or that"
        f" enterprise's row first, and send this one again.",
    )


def note_given_up(stated: Stated, staging: "FileStaging") -> None:
    """A row that restates its enterprise without a code takes back the one that it stated for that day."""
    if stated.place is not None and stated.unit_code is None:
        for claim in stated.claims:
            if isinstance(claim, RegistryClaim) and claim.change == STATED:
                staging.desk.directory.drop(stated.place, claim.day)


def _stands(holder: Place, since: str, staging: "FileStaging") -> bool:
    """The row by which the enterprise has the code was not withdrawn."""
    fact = register_fact_id(SOURCE, holder.key, "", STATED, since)
    staging.ledger.fetch([fact])
    entry = staging.ledger.get(fact)
    return entry is not None and entry.live
