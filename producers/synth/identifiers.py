"""Valid identifiers that belong to nobody in particular: each is a function of a running number and the seed.

Structures follow the feed description, section (f): tax code with check digit, unit code, citizen number, insurance
number. Running numbers are spread by multiplication modulo the size of the number space, so no two collide and nothing
has to be remembered.
"""

from collections.abc import Iterator

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
STRIDE = 48_271_991  # coprime with every modulus below
_TAX_SPACE = 10_000_000
CITIZEN_SPACE = 84_000_000  # 10^6 serials, 42 birth years, 2 sexes
INSURANCE_SPACE = 100_000_000
FIRST_BIRTH_YEAR = 1966
_MASK = (1 << 64) - 1

PROVINCES = ("031", "031", "031", "031", "030", "030", "030", "034", "022", "033", "036", "038")
"""Citizen-number prefixes: Hải Phòng, Hải Dương (never renumbered), and where workers come from."""

ISSUERS = ("31", "31", "31", "31", "30", "30", "34", "22", "01", "79")
"""First two digits of insurance numbers; 01 loses its zero in a numeric cell, as real ones do."""


def mix(number: int, salt: int) -> int:
    """64 well-spread bits of a running number (splitmix64's finaliser); the same on every machine."""
    x = (number * 0x9E3779B97F4A7C15 + salt) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    return x ^ (x >> 31)


def check_digit(first_nine: str) -> int:
    """Tenth digit of a tax code; 10 means that the nine digits have no valid code."""
    return 10 - sum(int(digit) * weight for digit, weight in zip(first_nine, _WEIGHTS, strict=True)) % 11


def tax_codes(seed: int) -> Iterator[str]:
    """Endless distinct 10-digit tax codes with right check digits; province prefixes of the merged city."""
    number = mix(seed, 1) % _TAX_SPACE
    while True:
        number = (number + STRIDE) % _TAX_SPACE
        first_nine = ("08" if number % 10 < 3 else "02") + f"{number:07d}"
        check = check_digit(first_nine)
        if check < 10:
            yield f"{first_nine}{check}"


def unit_code(number: int) -> str:
    """Social-insurance unit code in the seen shape AA99999, for numbers below 67,600,000."""
    letters, digits = divmod(number, 100_000)
    first, second = divmod(letters, 26)
    return f"{chr(65 + first)}{chr(65 + second)}{digits:05d}"


class Citizens:
    """Identifiers of persons 0, 1, 2, … of one seed."""

    def __init__(self, seed: int) -> None:
        """Two seeds give two populations; the same seed always gives the same one."""
        self._salt = mix(seed, 2)
        self._shift = mix(seed, 3) % CITIZEN_SPACE

    def bits(self, person: int) -> int:
        """64 bits that belong to the person: whatever else must not change from file to file is cut from them."""
        return mix(person, self._salt)

    def birth_year(self, person: int) -> int:
        """Between 1966 and 2007."""
        return FIRST_BIRTH_YEAR + self._citizen(person) // 1_000_000 // 2

    def is_male(self, person: int) -> bool:
        """As the citizen number says."""
        return self._citizen(person) // 1_000_000 % 2 == 0

    def personal_number(self, person: int) -> str:
        """12 digits: 3 province, 1 sex and century, 2 birth year, 6 serial."""
        number = self._citizen(person)
        rest, serial = divmod(number, 1_000_000)
        year = FIRST_BIRTH_YEAR + rest // 2
        sex = rest % 2 + (2 if year >= 2000 else 0)
        return f"{PROVINCES[self.bits(person) % len(PROVINCES)]}{sex}{year % 100:02d}{serial:06d}"

    def insurance_number(self, person: int) -> str:
        """10 digits, the first two of the issuing province."""
        number = (person * STRIDE + self._shift) % INSURANCE_SPACE
        return f"{ISSUERS[(self.bits(person) >> 8) % len(ISSUERS)]}{number:08d}"

    def _citizen(self, person: int) -> int:
        return (person * STRIDE + self._shift) % CITIZEN_SPACE
