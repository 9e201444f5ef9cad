"""A person during a chunk: decoded once, the timeline at hand as soon as somebody asks."""

from collections.abc import Iterable
from typing import Final

from streams.people.difference import (
    Difference,
    changed_effects,
    changed_findings,
    changed_moves,
    effects_since,
)
from streams.people.facts import TRANSFERRED_IN, Fact
from streams.people.kept import Person, dump, load, page, page_key, pages_of
from streams.people.moves import Moves, alone, resolve, stands_alone, still_open
from streams.people.spells import WITHOUT_EFFECT, Timeline, begun, fold, reached
from streams.step import State, Writes

MOST_FACTS: Final = 12
"""So many facts of a person are folded anew by a chunk that touches the person. With more, a checkpoint is set ..."""
LATEST_FACTS: Final = 6
"""... before the latest so many: a fact dated before it costs a fold of all facts."""


class Work:
    """Facts go in, differences come out. ``facts`` by id, those since the checkpoint."""

    __slots__ = ("_moves", "_pages", "_timeline", "changed", "facts", "id", "key", "person", "stored_pages")

    def __init__(self, identity: str, state: State, first: Fact | None = None) -> None:
        """As the person was before the chunk, or with the first fact of all, from this chunk."""
        self.id = identity
        self.key = identity.encode()
        self.person: Person = load(state.get(self.key)) if first is None else Person([first], {})
        self.facts = {fact.id: fact for fact in self.person.facts}
        self.changed = first is not None
        self.stored_pages = self.person.pages
        self._pages = pages_of(self.person, self.key, state) if self.person.pages else []
        self._timeline: Timeline | None = None
        self._moves: Moves | None = None

    def known(self, identity: bytes) -> Fact | None:
        """The fact in its latest version; looks behind the checkpoint only if the fact lies there."""
        fact = self.facts.get(identity)
        if fact is None and self._pages and any(identity in one for one in self._pages):
            self._open_pages()
            fact = self.facts.get(identity)
        return fact

    def take(self, fact: Fact) -> Difference | None:
        """What the fact changes, in a version that may be new; None: nothing. The facts are a set: order is nothing."""
        known = self.known(fact.id)
        if known is not None and fact.version <= known.version:
            return None
        self.changed = True
        if known is None and fact.change in WITHOUT_EFFECT:
            self.facts[fact.id] = fact
            return None
        if self.person.checkpoint is not None and fact.day < self.person.checkpoint.before:
            self._open_pages()
        timeline = self._timeline_now()
        self.facts[fact.id] = fact
        if known is None and fact.day > timeline.last:
            return self._later_than_all(timeline, fact)
        return self._replace(timeline, fold(self.facts.values(), self.person.checkpoint))

    def give_up(self) -> tuple[Difference, list[Fact]]:
        """The person is nobody any more: everything is taken back. Gives the facts that there were."""
        self._open_pages()
        given = list(self.facts.values())
        difference = self._replace(self._timeline_now(), Timeline())
        self.changed = True
        return difference, given

    def forget(self) -> None:
        """Nothing is left of what was given up."""
        self._open_pages()
        self.facts, self.person.revised, self.person.absorbed = {}, {}, ()
        self._timeline = self._moves = None

    def absorb(self, others: Iterable[str]) -> None:
        """These ids were merged into this one."""
        absorbed = self.person.absorbed
        new = tuple(one for one in others if one not in absorbed)
        if new:
            self.person.absorbed = absorbed + new
            self.changed = True

    def next_version(self, identity: bytes, *, known: bool) -> int:
        """The version that a movement is published in; first versions are not kept: known and not listed means 1."""
        version = self.person.revised.get(identity)
        if version is None:
            version = 1 if known else 0
            for one in reversed(self._pages):
                if identity in one and (listed := load(one).revised.get(identity)) is not None:
                    version = listed
                    break
        version += 1
        if version > 1:
            self.person.revised[identity] = version
        return version

    def write(self, writes: Writes) -> None:
        """Changed state, as it goes to the changelog."""
        pages_before = self.person.pages
        if len(self.facts) > MOST_FACTS:
            self._set_checkpoint()
        self.person.facts = list(self.facts.values())
        self.person.pages = len(self._pages)
        writes[self.key] = dump(self.person)
        for number in range(pages_before, self.person.pages):
            writes[page_key(self.key, number)] = self._pages[number]
        for number in range(self.person.pages, self.stored_pages):
            writes[page_key(self.key, number)] = None

    def _timeline_now(self) -> Timeline:
        if self._timeline is None:
            facts = self.facts.values()
            if (
                len(facts) == 1
                and self.person.checkpoint is None
                and (only := next(iter(facts))).change <= TRANSFERRED_IN
            ):
                self._timeline = begun(only)
            else:
                self._timeline = fold(facts, self.person.checkpoint)
        return self._timeline

    def _later_than_all(self, timeline: Timeline, fact: Fact) -> Difference:
        """The same as a fold of all facts, but only the last day is new."""
        effects, turns, findings = len(timeline.effects), len(timeline.turns), len(timeline.findings)
        timeline.append(fact.day, [fact])
        added = timeline.turns[turns:]
        if not added:
            moves = []
        elif all(turn.death or stands_alone(turn, timeline.turns[:turns]) for turn in added):
            moves = [((turn.unit, turn.day), alone(turn), False) for turn in added]
            self._moves = None
        else:
            old = resolve(timeline.turns[:turns]) if self._moves is None else self._moves
            self._moves = resolve(timeline.turns)
            moves = changed_moves(old, self._moves)
        found = [(finding, True) for finding in timeline.findings[findings:]]
        return Difference(effects_since(timeline, effects), moves, found)

    def _replace(self, before: Timeline, after: Timeline) -> Difference:
        moves = []
        if before.turns != after.turns:
            old = resolve(before.turns) if self._moves is None else self._moves
            self._moves = resolve(after.turns)
            moves = changed_moves(old, self._moves)
        self._timeline = after
        effects = changed_effects(before.effects, after.effects)
        return Difference(effects, moves, changed_findings(before.findings, after.findings))

    def _set_checkpoint(self) -> None:
        """Settle all but the latest facts, unless too many of them are of one day."""
        before = sorted(fact.day for fact in self.facts.values())[-LATEST_FACTS]
        older = [fact for fact in self.facts.values() if fact.day < before]
        if len(older) < max(1, (MOST_FACTS - LATEST_FACTS) // 2):
            return
        timeline = fold(older, self.person.checkpoint)
        self.person.checkpoint = reached(timeline, before, still_open(timeline.turns, before))
        self._pages.append(page(older, self.person.revised))
        self.person.revised = {}
        for fact in older:
            del self.facts[fact.id]

    def _open_pages(self) -> None:
        """Forget the checkpoint: all facts are at hand again."""
        if self.person.checkpoint is None:
            return
        facts: dict[bytes, Fact] = {}
        revised: dict[bytes, int] = {}
        for one in self._pages:
            opened = load(one)
            facts |= {fact.id: fact for fact in opened.facts}
            revised |= opened.revised
        self.facts = facts | self.facts
        self.person.revised = revised | self.person.revised
        self.person.checkpoint = None
        self.person.pages = 0
        self._pages = []
        self._timeline = None
        self._moves = None
