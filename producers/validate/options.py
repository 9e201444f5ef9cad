"""What a command or a post says for a whole file. Some of it is kept in clear and quoted: no person may be in it."""

import re

from producers.validate.claims import FileFault
from producers.validate.d02 import names_a_dossier
from producers.validate.unitnames import names_a_unit

SHA256 = re.compile(r"[0-9a-f]{64}")


def names_a_replaced(text: str) -> bool:
    """Whether a sender's ``replaces`` may be a dossier's number, or the SHA-256 by which a register's file goes."""
    return bool(SHA256.fullmatch(text)) or names_a_dossier(" ".join(text.split()), None)


def check_options(unit: str, replaces: str) -> None:
    """``FileFault`` ``bad-unit`` or ``bad-dossier`` for what could be a person's name or number; it is not quoted."""
    if unit and not names_a_unit(unit):
        raise FileFault(
            "bad-unit",
            "--unit giống họ tên hay số của một người, không phải mã đơn vị. Dùng mã số thuế của đơn vị.",
            "--unit looks like a person's name or number, not like a unit's code. Give the unit's tax code.",
        )
    if replaces and not names_a_replaced(replaces):
        raise FileFault(
            "bad-dossier",
            "--replaces giống họ tên hay số của một người, không phải số hồ sơ. Ghi đúng số hồ sơ rồi gửi lại.",
            "--replaces looks like a person's name or number, not like a dossier's. Correct it and send again.",
        )


def check_dossier(stated: str) -> None:
    """``FileFault`` ``bad-dossier`` for a file's number, or that of an option, that could be a person's; not quoted."""
    if stated and not names_a_dossier(stated, None):
        raise FileFault(
            "bad-dossier",
            "số hồ sơ của tệp (hay của --dossier) chứa họ tên hoặc số của một người."
            " Hãy ghi đúng số hồ sơ rồi gửi lại.",
            "the dossier number of the file (or of --dossier) holds a person's name or number."
            " State the right one and send it again.",
        )
