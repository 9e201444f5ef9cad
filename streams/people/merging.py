"""Two identities were one person (meaning, rule 7): the facts of one go to the other, and so does all that follows.

The losing id takes back everything that it has caused and sends its facts, with their ids and versions, to
``mobility.events`` under the winner's key. From then on it keeps nothing but the winner's id, to which it forwards.
As facts are a set in which the highest version speaks, neither their order nor a second copy matters to the winner.

A forwarded record names the ids that it came ``through``. One that comes to an id twice has gone in a circle and is
refused. The merger itself is forwarded too, as a notice: so an id knows which ones it has absorbed, and a merger into
one of them is refused at once. A merger stands: it can be cancelled before it arrives, not after.
"""

import msgspec

from schemas.envelope import event_type
from streams import days
from streams.people import facts as f
from streams.people.difference import Difference
from streams.people.facts import KNOWN, Fact
from streams.people.reading import Data, Event, is_person
from streams.people.work import Work
from streams.step import Output, PoisonRecordError

SOURCE = "merged"
_NAMES = {number: change for change, (number, _) in KNOWN.items()}


def merge(work: Work, event: Event, fact: Fact) -> tuple[Difference | None, list[Output]]:
    """A merger, or the notice of one (it came through the id that was merged into this one).

    Gives what this person takes back, and the records that go to the winner. Raises PoisonRecordError.
    """
    data = event.data
    if data.through:
        _refuse_circle(work, data)
        work.absorb(data.through)
        return None, []
    winner = data.winner
    if not is_person(winner):
        raise PoisonRecordError("identity_merged names in `winner` the person id that stays: 32 hex digits")
    if winner == work.id:
        raise PoisonRecordError("an identity can't be merged into itself")
    known = work.known(fact.id)
    if known is not None and fact.version <= known.version:
        return None, []  # withdrawn before it came
    if winner in work.person.absorbed:
        raise PoisonRecordError(
            "the identity that should stay was itself merged into this one: merge into the one that is left"
        )
    retracted, given = work.give_up()
    through = (*work.person.absorbed, work.id)
    work.person.winner, work.person.merge = winner, fact.id
    moved = [_record(winner, event.time, one, (work.id,)) for one in given if one.id != fact.id]
    return retracted, [_record(winner, event.time, fact, through), *moved]


def forward(work: Work, value: bytes | None, data: Data, fact: Fact) -> list[Output]:
    """A record of somebody who was merged, sent on as it is. Raises PoisonRecordError."""
    winner = work.person.winner
    _refuse_circle(work, data)
    if fact.id == work.person.merge and fact.change == f.CANCELLED:
        raise PoisonRecordError("a merger of identities can't be cancelled once it is done")
    if fact.change == f.IDENTITY_MERGED and not data.through:
        if data.winner != winner:
            raise PoisonRecordError("this identity was merged into another one before: merge that one")
        return []
    event = msgspec.json.decode(value or b"")
    event["id"] = f"{data.fact}@{data.version}:{winner}"
    event["subject"] = winner
    event["source"] = "/streams/people"
    event["data"] |= {"through": [*data.through, work.id], "source": SOURCE}
    return [(winner.encode(), msgspec.json.encode(event))]


def _refuse_circle(work: Work, data: Data) -> None:
    if work.id in data.through:
        raise PoisonRecordError("identities were merged in a circle: the record has come through this one before")


def _record(winner: str, time: str, fact: Fact, through: tuple[str, ...]) -> Output:
    """A fact as ``schemas.persons.PersonFact``; its dossier and line are told by the original record on the log."""
    change, identity = _NAMES[fact.change], fact.id.hex()
    data = {
        "fact": identity,
        "version": fact.version,
        "change": change,
        "unit": fact.unit,
        "branch": fact.branch,
        "day": days.text(fact.day),
        "precision": "day" if fact.exact else "month",
        "short_contract": fact.short,
        "source": SOURCE,
        "dossier": "",
        "line": "",
        "winner": "",  # a notice: whom it reaches stays
        "through": through,
    }
    event = {
        "specversion": "1.0",
        "id": f"{identity}@{fact.version}:{winner}",
        "source": "/streams/people",
        "type": event_type("person", change),
        "subject": winner,
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
    }
    return winner.encode(), msgspec.json.encode(event)
