"""Which rule reads which kind of row."""

from collections.abc import Callable

from producers.readers import FeedKind
from producers.validate import agreement, d02, enterprise, member, party, roster, union
from producers.validate.claims import Stated
from producers.validate.context import Context
from producers.validate.fields import correction

Rule = Callable[[dict[str, str], str, Context], Stated]

RULES: dict[FeedKind, tuple[str, Rule]] = {
    FeedKind.D02: (d02.SOURCE, d02.d02_row),
    FeedKind.ROSTER: (roster.SOURCE, roster.roster_row),
    FeedKind.ENTERPRISE: (enterprise.SOURCE, enterprise.enterprise_row),
    FeedKind.UNION: (union.SOURCE, union.union_row),
    FeedKind.MEMBER: (member.SOURCE, member.member_row),
    FeedKind.AGREEMENT: (agreement.SOURCE, agreement.agreement_row),
    FeedKind.PARTY: (party.SOURCE, party.party_row),
}
"""Kind → the name of the source on the log, and the rule."""


def withdrawal(values: dict[str, str], context: Context) -> Stated | None:
    """A register row that only withdraws another: its citation says all, its other fields are not looked at."""
    if not values.get("action"):
        return None
    action, citation = correction(values)
    return Stated(context.sha256, None, [], action=action, citation=citation) if action == "cancel" else None
