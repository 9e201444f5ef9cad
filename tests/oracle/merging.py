"""Rule 7: whose facts they are once identities have been merged, whatever came first."""

from schemas.persons import PersonFact


def after_mergers(said: dict[str, list[PersonFact]]) -> dict[str, list[PersonFact]]:
    """The facts of each person under the id that stays; an id that was merged into another one has none."""
    winners = {
        person: fact.winner for person, facts in said.items() for fact in facts if fact.change == "identity_merged"
    }
    owned: dict[str, list[PersonFact]] = {person: [] for person in said}
    for person, facts in said.items():
        stays = person
        while stays in winners:
            stays = winners[stays]
        owned.setdefault(stays, []).extend(fact for fact in facts if fact.change != "identity_merged")
    return owned
