"""An enterprise is named by the first row that speaks of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from producers.sql import query
from producers.validate.claims import Claim, RegistryClaim, RowFault
from schemas.registry import RegistryChange

if TYPE_CHECKING:
    from producers.staging.file import FileStaging

ENTERPRISE_STATED = RegistryChange.ENTERPRISE_STATED.value


def known_subjects(claims: Iterable[Claim], staging: "FileStaging") -> set[str]:
    """Of the enterprises that some claim leaves unnamed, those that have been stated before this block."""
    unnamed = {claim.subject for claim in claims if isinstance(claim, RegistryClaim) and claim.needs_name}
    if not unnamed:
        return set()
    rows = staging.desk.connection.execute(query("producers.index", "find_subjects"), (list(unnamed),)).fetchall()
    return {row[0] for row in rows}


def check_named(claims: Iterable[Claim], known: set[str]) -> None:
    """``RowFault`` when a name is missing on first sight of an enterprise; those stated join ``known``."""
    for claim in claims:
        if isinstance(claim, RegistryClaim) and claim.change == ENTERPRISE_STATED:
            if claim.needs_name and claim.subject not in known:
                raise RowFault(
                    "name",
                    "missing-name",
                    "doanh nghiệp này chưa có trong hệ thống nên phải có tên. Điền tên rồi gửi lại dòng này.",
                    "this enterprise was not stated before, so its name is required. Fill it in and send again.",
                )
            known.add(claim.subject)
