"""A small city where everything collides: few units, few days, few unions, and facts in every order."""

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from schemas.ids import enterprise_id, union_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from tests import build

ENTERPRISES = [enterprise_id(f"020012345{number}") for number in range(3)]
BRANCHES = ["", "0200123450-001"]
UNIONS = [union_id(f"CD{number}") for number in range(3)]
DAYS = ["2026-01-01", "2026-01-15", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-04-01", "2026-05-20"]
SPELL_CHANGES = [
    *("joined", "joined", "transferred_in", "departed", "departed", "transferred_out"),
    *("absent", "returned", "listed", "unlisted", "noted"),
]
MEMBER_CHANGES = ["admitted", "admitted", "member_transferred", "member_left", "suspended", "reinstated"]

FAR_APART = [date.fromordinal(date(2024, 1, 1).toordinal() + 23 * number).isoformat() for number in range(60)]
"""Days so many that most of them lie beyond what rule 6 still reaches from the last one."""

days = st.sampled_from(DAYS)


@st.composite
def person_facts(draw: st.DrawFn, name: str, version: int = 1, when: st.SearchStrategy[str] = days) -> PersonFact:
    """Any fact about a person; death is rare."""
    change = draw(st.sampled_from(SPELL_CHANGES * 2 + MEMBER_CHANGES * 2 + ["died"]))
    member = change in MEMBER_CHANGES
    return build.person_fact(
        name,
        change,
        draw(st.sampled_from(UNIONS if member else ENTERPRISES)),
        draw(when),
        version=version,
        branch="" if member else draw(st.sampled_from([*BRANCHES[:1] * 3, BRANCHES[1]])),
        precision=draw(st.sampled_from(["day", "month"])),
        short_contract=change == "joined" and draw(st.booleans()),
    )


@st.composite
def histories(
    draw: st.DrawFn, max_facts: int = 9, when: st.SearchStrategy[str] = days, *, jumbled: bool = True
) -> list[PersonFact]:
    """Facts of one person in several versions, some arriving twice, in any order of arrival; or nearly by day."""
    said: list[PersonFact] = []
    for number in range(draw(st.integers(1, max_facts))):
        said.append(draw(person_facts(f"f{number}", when=when)))
        for version in range(2, draw(st.sampled_from([2, 2, 2, 3, 4]))):
            restated = draw(person_facts(f"f{number}", version, when))
            if draw(st.booleans()):
                restated = PersonFact.model_validate(
                    said[-1].model_dump() | {"version": version, "change": "cancelled"}
                )
            said.append(restated)
    for _ in range(draw(st.integers(0, 2))):  # the same fact from another source: another identity
        other = draw(st.sampled_from(said))
        said.append(
            other.model_copy(update={"fact": build.person_fact(f"again{len(said)}", "noted", "", DAYS[0]).fact})
        )
    again = draw(st.lists(st.sampled_from(said), max_size=3))
    if jumbled:
        return draw(st.permutations(said + again))
    late = draw(st.lists(st.sampled_from(said), max_size=3))
    return sorted((fact for fact in said if fact not in late), key=lambda fact: (fact.day, fact.version)) + late + again


def mergers(draw: st.DrawFn, persons: list[str]) -> dict[str, PersonFact]:
    """Some of the persons turn out to be others of them, in chains but not in circles."""
    found = {}
    for number, loser in enumerate(persons[1:], 1):
        winner = draw(st.sampled_from([None, None, *persons[:number]]))
        if winner is not None:
            found[loser] = build.person_fact(f"merged {loser}", "identity_merged", "", DAYS[0], winner=winner)
    return found


merged = st.composite(mergers)


def places() -> st.SearchStrategy[list[str]]:
    """Up to three enterprises, whole or one branch."""
    one = st.sampled_from([*ENTERPRISES, f"{ENTERPRISES[0]}/{BRANCHES[1]}"])
    return st.lists(one, max_size=3, unique=True)


@st.composite
def registry_facts(draw: st.DrawFn, name: str, subject: str, version: int = 1) -> RegistryFact:
    """Any fact about a subject."""
    reached: tuple[str, ...] = ()
    more: dict[str, object] = {}
    match subject[0]:
        case "e":
            change = draw(st.sampled_from(["enterprise_stated"] * 3 + ["enterprise_dissolved", "roster_stated"]))
            if change == "enterprise_stated":
                more["name"] = draw(st.sampled_from(["", "An Phát", "Bình Minh"]))
                more["tax_code"] = draw(st.sampled_from(["", subject[1:], "0200999999", f"{subject[1:]}-001"]))
                more["ownership"] = draw(st.sampled_from(["", "", "private", "public_unit"]))
            elif change == "roster_stated":
                more["complete"] = draw(st.booleans())
            else:
                reached = tuple(draw(st.lists(st.sampled_from(ENTERPRISES), max_size=2, unique=True)))
        case "u":
            change = draw(st.sampled_from(["union_stated"] * 4 + ["union_dissolved"]))
            more["name"] = draw(st.sampled_from(["", "CĐCS An Phát"]))
            reached = tuple(draw(places())) if change == "union_stated" else ()
        case "a":
            change = "agreement_signed"
            reached = tuple(draw(places()))
            more["ends_on"] = draw(st.sampled_from(["", *DAYS]))
        case _:
            change = draw(st.sampled_from(["party_founded", "party_founded", "party_ended"]))
            reached = tuple(draw(places()))
    return build.registry_fact(name, change, subject, draw(days), version=version, places=reached, **more)


SUBJECTS = [*ENTERPRISES, *UNIONS, "aTU1", "pDB1"]


@st.composite
def registers(draw: st.DrawFn, max_facts: int = 10) -> list[RegistryFact]:
    """Facts of all registers in several versions, in any order of arrival, some arriving twice."""
    said: list[RegistryFact] = []
    for number in range(draw(st.integers(1, max_facts))):
        subject = draw(st.sampled_from(SUBJECTS))
        said.append(draw(registry_facts(f"r{number}", subject)))
        for version in range(2, draw(st.sampled_from([2, 2, 2, 3]))):
            restated = draw(registry_facts(f"r{number}", subject, version))
            if draw(st.booleans()):
                restated = RegistryFact.model_validate(
                    said[-1].model_dump() | {"version": version, "change": "cancelled"}
                )
            said.append(restated)
    again = draw(st.lists(st.sampled_from(said), max_size=2))
    return draw(st.permutations(said + again))


def cut(draw: st.DrawFn, length: int) -> list[slice]:
    """Random chunk borders over a list."""
    borders = sorted(draw(st.sets(st.integers(1, max(length - 1, 1)), max_size=6)))
    edges = [0, *[one for one in borders if one < length], length]
    return [slice(first, last) for first, last in pairwise(edges)]


chunked = st.composite(cut)
