"""What a story has to work with. A story is a few enterprises to which exactly one unusual thing happens."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from producers.synth import months
from producers.synth.city import City, Enterprise
from producers.synth.desk import Desk
from producers.synth.enterprise_register import LaterEnterprises
from producers.synth.founding import Founder
from producers.synth.ledger import Ledger
from producers.synth.lines import Line
from producers.synth.membership import Membership
from producers.synth.union_register import LaterUnions


@dataclass
class Stage:
    """The city and every desk at which papers are filed."""

    out: Path
    city: City
    founder: Founder
    desk: Desk
    membership: Membership
    enterprises: LaterEnterprises
    unions: LaterUnions
    ledger: Ledger

    def cast(
        self, workers: int, ownership: str = "private", *, members: int = 0, channel: str = "csv", since: str = ""
    ) -> Enterprise:
        """An enterprise to which nothing happens by chance; with members it has a union of its own."""
        enterprise = self.founder.enterprise(ownership, workers, registered_on=since)
        enterprise.scripted, enterprise.channel = True, channel
        if members:
            union = self.founder.union(enterprise)
            for person in enterprise.crew[:members]:
                self.city.join(person, union.number)
        return enterprise

    def start(self, enterprise: Enterprise, month: int, code: str = "TM", trap: str = "") -> Line:
        """A newcomer really starts; the line says so."""
        person = self.city.new_person()
        self.city.hire(person, enterprise)
        enterprise.peak = max(enterprise.peak, len(enterprise.crew) + 1)
        return Line(person, code, month, trap=trap)

    def leave(self, person: int, month: int, code: str = "GH", trap: str = "") -> Line:
        """The person really leaves; the line says so."""
        self.city.dismiss(person)
        return Line(person, code, month, trap=trap)

    def day(self, month: int, day: int) -> str:
        """ISO day, 1 to 28."""
        return months.day_in(month, day)


class Story(ABC):
    """Founded before the opening day, played month by month; ``act`` counts the months from 0, everything has
    happened after act 1."""

    @abstractmethod
    def found(self, stage: Stage) -> None:
        """Bring the enterprises in."""

    @abstractmethod
    def play(self, stage: Stage, act: int, month: int) -> None:
        """Let the month's part happen and file what is declared of it."""
