"""Opening roster: who works where on a day, before movements are fed (meaning, rule 10)."""

from producers.validate.claims import PersonClaim, RowFault, Stated
from producers.validate.context import Context, row_place
from producers.validate.fields import YES_NO, a_month, correction, identifiers, member_record, one_of, required_day
from schemas.persons import Change

SOURCE = "roster"
REGISTER = "opening-roster"


def roster_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """Two facts: ``joined`` on the first day of ``from_month`` and ``listed`` on ``as_of``.

    Both have the identity of the row: (register, place, person, change, ``as_of``).
    """
    as_of = required_day(values, ("as_of",), context)
    place = row_place(values, context, as_of)
    complete = one_of(values, "complete", YES_NO) == "yes"
    action, citation = correction(values)
    since, precision = a_month(values, "from_month", context)
    if since > as_of:
        raise RowFault(
            "from_month",
            "start-after-roster",
            "tháng bắt đầu ở sau ngày chốt danh sách (as_of). Sửa một trong hai rồi gửi lại dòng này.",
            "from_month lies after as_of, the day of the roster. Correct one of the two and send the row again.",
        )
    claims = [
        PersonClaim(
            source=SOURCE,
            change=change.value,
            unit=place.unit,
            branch=place.branch,
            day=day,
            precision=exact,
            form=REGISTER,
            register=REGISTER,
            register_key=place.key,
            on=as_of,
        )
        for change, day, exact in ((Change.LISTED, as_of, "day"), (Change.JOINED, since, precision))
    ]
    return Stated(
        context.sha256,
        place,
        list(claims),
        identifiers(values, context.today),
        member_record(values),
        action,
        citation,
        roster=(place, as_of, complete),
    )
