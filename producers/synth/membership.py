"""What happens to membership beside the work: admissions, transfers, and the leavings that are mostly missed."""

from collections import deque
from dataclasses import dataclass, field

from producers.synth import months
from producers.synth.city import DEAD, NO_UNION, SUSPENDED, City, Enterprise
from producers.synth.ledger import Ledger
from producers.synth.member_register import MemberRegister

ADMITTED, TRANSFERRED, LEAVING_TOLD, RETIRING_TOLD = 0.35, 0.6, 0.07, 0.7
"""Shares of newcomers admitted, of members shown at the new union, of leavers and pensioners whom the union reports.

Chosen so that a city of 620,000 members admits some 70,000 a year and loses some 3.6 % (the domain notes' figures).
"""

_SUSPENSIONS_PER_MONTH = 0.0004


@dataclass
class Membership:
    """Writes the month's register rows; nobody has two in one month, so days never contend."""

    city: City
    register: MemberRegister
    ledger: Ledger
    due: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    suspended: deque[tuple[int, int]] = field(default_factory=deque)

    def opening(self) -> None:
        """Everyone who is a member on the opening day, with the day of admission."""
        self.register.open_month(self.city.first - 1)
        for person, union in enumerate(self.city.home):
            if union != NO_UNION:
                bits = self.city.citizens.bits(person)
                on = months.day_in(self.city.first - 1 - (bits >> 12) % 110, (bits >> 5) % 28 + 1)
                self.register.write(person, "admitted", union, on)

    def open_month(self, month: int) -> None:
        """Start the month's file with the admissions that have come due, suspensions and reinstatements."""
        self.register.open_month(month)
        city = self.city
        for person, union in self.due.pop(month, ()):
            employer = city.employer[person]
            if employer >= 0 and union in city.enterprises[employer].unions and city.home[person] == NO_UNION:
                self.write(person, "admitted", union, month)
        while self.suspended and self.suspended[0][0] < month:
            _, person = self.suspended.popleft()
            if city.flags[person] & SUSPENDED and not city.flags[person] & DEAD and self._free(person, month):
                self.write(person, "reinstated", city.home[person], month)
        for _ in range(max(1, int(len(city.home) * _SUSPENSIONS_PER_MONTH))):
            person = city.random.randrange(len(city.home))
            if self._active(person) and self._free(person, month) and not self._on_stage(person):
                self.write(person, "suspended", city.home[person], month)
                self.suspended.append((month, person))

    def after_start(self, person: int, enterprise: Enterprise, month: int) -> None:
        """A newcomer is admitted a month or two later; a member shows the card at the receiving union."""
        city = self.city
        if not enterprise.unions:
            return
        union, chance = enterprise.unions[0], city.random.random()
        if city.home[person] == NO_UNION:
            if chance < ADMITTED:
                self.due.setdefault(month + 1 + (chance > ADMITTED / 2), []).append((person, union))
        elif city.home[person] != union and chance < TRANSFERRED and self._free(person, month):
            self.write(person, "transferred_in", union, month)

    def after_leave(self, person: int, month: int, *, retired: bool) -> None:
        """Unions hear of few leavers; the others stay members of a union at whose enterprise they no longer work."""
        city = self.city
        union = city.home[person]
        if union == NO_UNION or not self._free(person, month):
            return
        if retired and city.random.random() < RETIRING_TOLD:
            self.write(person, "retired", union, month)
        elif not retired and city.random.random() < LEAVING_TOLD:
            self.write(person, "struck_off" if city.random.random() < 0.05 else "left", union, month)

    def write(self, person: int, change: str, union: int, month: int, day: int = 0) -> None:
        """A register row and its effect; ``day`` 1 to 28, or 0 for any."""
        city = self.city
        on = months.day_in(month, day or city.random.randint(2, 28))
        city.member_touched[person] = month - city.first
        self.register.write(person, change, union, on)
        self.ledger.trap(f"member-{change}")
        if change in {"admitted", "transferred_in"}:
            city.join(person, union)
        elif change in {"left", "struck_off", "retired"}:
            city.quit(person)
        elif change == "suspended":
            city.flags[person] |= SUSPENDED
        elif change == "reinstated":
            city.flags[person] &= ~SUSPENDED
        elif change == "died":
            city.die(person)

    def _on_stage(self, person: int) -> bool:
        """Works, or worked last, for an enterprise of a story: nothing happens there by chance."""
        at = self.city.employer[person]
        number = at if at >= 0 else -2 - at
        return number >= 0 and self.city.enterprises[number].scripted

    def _free(self, person: int, month: int) -> bool:
        return self.city.member_touched[person] != month - self.city.first

    def _active(self, person: int) -> bool:
        return self.city.home[person] != NO_UNION and not self.city.flags[person] & (SUSPENDED | DEAD)
