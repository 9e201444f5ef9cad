"""Codes of units as people write them, and as the store keeps them."""

import re

_BRANCH = re.compile(r"([0-9]{10})-[0-9]{3}")


def unit_code(written: str) -> str:
    """Without blanks around it; of a branch's tax code (10-3 digits) the enterprise's. Anything else stays as it is.

    A branch is part of its legal entity (meaning, rule 12; ``schemas.ids.enterprise_id``); a code that merely begins
    with ten digits is a typing error, and nobody's.
    """
    code = written.strip()
    branch = _BRANCH.fullmatch(code)
    return branch[1] if branch else code
