"""One line of a D02 dossier: what an employer says of a person, before it is put into a file format."""

from dataclasses import dataclass
from typing import NamedTuple

from producers.synth import names
from producers.synth.identifiers import Citizens
from producers.synth.months import stated

STARTS = frozenset({"TM", "TH", "TC", "TD"})

FAULTS: dict[str, tuple[str, str]] = {
    "unknown-code": ("movement_code", "unknown-movement-code"),
    "bad-personal-number": ("personal_number", "bad-personal-number"),
    "missing-month": ("from_month", "missing-month"),
    "refused-form": ("form", "refused-form"),
    "bad-tax-code": ("tax_code", "bad-tax-code"),
    "two-identities": ("insurance_number", "two-identities"),
    "conflict": ("line", "conflict"),
    "stale-citation": ("cites", "stale-citation"),
    "unknown-citation": ("cites", "unknown-citation"),
}
"""Fault -> the field that is wrong and the class of the reason for which the row must be refused."""

FAULTS_OF_ANY_FORMAT = ("unknown-code", "bad-personal-number", "missing-month")
FAULTS_OF_CSV = (*FAULTS_OF_ANY_FORMAT, "refused-form", "bad-tax-code")


@dataclass(slots=True)
class Line:
    """A declared line. ``month`` is the effective one; ``fault`` names what is wrong with it, see :data:`FAULTS`.

    ``tax_code`` names a branch, else it is the employer's; ``number`` forces the line number; ``unchanged`` marks a
    line that was sent before; ``trap`` is the name under which the expected answer lists it; ``insurance_of`` is the
    person whose insurance number stands beside the other's personal number (-1: nobody's).
    """

    person: int
    code: str
    month: int
    fault: str = ""
    form: str = "D02"
    action: str = ""
    cites: str = ""
    tax_code: str = ""
    number: int = 0
    unchanged: bool = False
    trap: str = ""
    insurance_of: int = -1


class Stated(NamedTuple):
    """The texts of a line, as every format writes them."""

    line: str
    tax_code: str
    form: str
    full_name: str
    insurance_number: str
    personal_number: str
    code: str
    from_month: str
    birth_date: str
    male: bool
    job_title: str
    action: str
    cites: str


def state(line: Line, number: int, tax_code: str, citizens: Citizens) -> Stated:
    """Put the line into words, its fault included.

    Every tenth person is still known by the old 10-digit number where they leave or fall ill; whatever names such a
    person otherwise carries both numbers, so the two always lead to one person.
    """
    person = line.person
    bits = citizens.bits(person)
    male = citizens.is_male(person)
    personal = citizens.personal_number(person)
    old_number = person % 10 == 0
    insurance = citizens.insurance_number(person) if old_number or bits % 5 else ""
    code, month, form, tax = line.code, stated(line.month), line.form, line.tax_code or tax_code
    if old_number and code not in STARTS:
        personal = ""
    if line.insurance_of >= 0:
        insurance, personal = citizens.insurance_number(line.insurance_of), citizens.personal_number(person)
    if line.fault == "unknown-code":
        code = "GX"
    elif line.fault == "bad-personal-number":
        personal, insurance = citizens.personal_number(person)[:11], ""
    elif line.fault == "missing-month":
        month = ""
    elif line.fault == "refused-form":
        form = "DK05"
    elif line.fault == "bad-tax-code":
        tax = tax[:9] + str((int(tax[9]) + 1) % 10)
    return Stated(
        line=str(number),
        tax_code=tax,
        form=form,
        full_name=names.person_name(bits, male=male),
        insurance_number=insurance,
        personal_number=personal,
        code=code,
        from_month=month,
        birth_date=f"{(bits >> 48) % 28 + 1:02d}/{(bits >> 54) % 12 + 1:02d}/{citizens.birth_year(person)}",
        male=male,
        job_title=names.job_title(bits),
        action=line.action,
        cites=line.cites,
    )
