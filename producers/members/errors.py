"""What a clerk is told when something about a member can't be done."""

from producers.errors import IntakeError


class MemberError(IntakeError):
    """Refused, and nothing was changed. The sentence names the id and the next step, never a name or a number."""


class UnknownPerson(MemberError):
    """The vault has nobody under this id."""


class Merged(MemberError):
    """The id was merged into another one, which ``winner`` names."""

    def __init__(self, person: str, winner: str) -> None:
        super().__init__(f"{person} was merged into {winner}. Use {winner}.")
        self.winner = winner
