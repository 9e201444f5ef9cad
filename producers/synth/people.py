"""Who a row of the synthetic city speaks of: its numbers lead back to the running number that they were made from."""

from collections.abc import Iterable

from producers.synth.identifiers import CITIZEN_SPACE, FIRST_BIRTH_YEAR, INSURANCE_SPACE, STRIDE, mix
from producers.vault.identifiers import Identifier
from schemas.ids import digest


class People:
    """The persons of one seed, without a list of them: made numbers are turned back by arithmetic."""

    def __init__(self, seed: int) -> None:
        """As of :class:`producers.synth.identifiers.Citizens`."""
        self._seed = str(seed)
        self._shift = mix(seed, 3) % CITIZEN_SPACE
        self._citizens = pow(STRIDE, -1, CITIZEN_SPACE)
        self._insured = pow(STRIDE, -1, INSURANCE_SPACE)

    def number_of(self, identifiers: Iterable[Identifier]) -> int:
        """The running number of a valid row's person, by the personal number where there is one."""
        kinds = {identifier.kind: identifier.number for identifier in identifiers}
        if "personal" in kinds:
            digits = kinds["personal"]
            sex, year, serial = int(digits[3]), int(digits[4:6]), int(digits[6:])
            born = year + (2000 if sex >= 2 else 1900)
            place = ((born - FIRST_BIRTH_YEAR) * 2 + sex % 2) * 1_000_000 + serial
            return (place - self._shift) * self._citizens % CITIZEN_SPACE
        return (int(kinds["insurance"][2:]) - self._shift) * self._insured % INSURANCE_SPACE

    def id_of(self, number: int) -> str:
        """32 hexadecimal digits; the same in every run. Of nobody real, so no vault needs to hide it."""
        return digest("synthetic", self._seed, str(number))
