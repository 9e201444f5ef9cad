"""What changes in the registers by itself, month by month: unions founded, firms renamed, small ones dissolved."""

from producers.synth import months, names
from producers.synth.churn import picks
from producers.synth.city import NO_UNION, Enterprise
from producers.synth.enterprise_register import row_of
from producers.synth.identifiers import mix
from producers.synth.stories.stage import Stage

FOUNDING_RATE, RENAMING_RATE, ENDING_RATE = 0.006, 0.0008, 0.0005
"""A month; of uncovered enterprises of 20 or more, of all, and of those with one to five workers and no union."""


def month_of_news(stage: Stage, month: int) -> None:
    """Play the month; small enterprises end before :class:`~producers.synth.churn.Churn` touches them."""
    random = stage.city.random
    plain = [enterprise for enterprise in stage.city.enterprises if not enterprise.scripted]
    for place in picks(random, len(plain), RENAMING_RATE):
        enterprise = plain[place]
        on = months.day_in(month, 5)
        # A name restated before the unit's own registration would be overtaken by the opening row.
        if not enterprise.dissolved_on and max(enterprise.registered_on, enterprise.effective_on) < on:
            enterprise.name = names.enterprise_name(mix(enterprise.number, month), enterprise.ownership)
            stage.enterprises.add(month, row_of(enterprise, effective_on=on))
    for enterprise in plain:
        size = len(enterprise.crew)
        if enterprise.dissolved_on or enterprise.unions:
            continue
        if size >= 20 and enterprise.ownership != "public_unit" and random.random() < FOUNDING_RATE:
            _found_union(stage, enterprise, month)
        elif 1 <= size <= 5 and not enterprise.ghosts and random.random() < ENDING_RATE:
            _end(stage, enterprise, month)


def _found_union(stage: Stage, enterprise: Enterprise, month: int) -> None:
    union = stage.founder.union(enterprise, founded_on=months.day_in(month, 10))
    stage.unions.founded(month, union)
    for person in enterprise.crew:
        if stage.city.home[person] == NO_UNION and stage.city.random.random() < 0.7:
            stage.membership.write(person, "admitted", union.number, month, day=stage.city.random.randint(11, 28))


def _end(stage: Stage, enterprise: Enterprise, month: int) -> None:
    lines = [stage.leave(person, month) for person in list(enterprise.crew)]
    stage.desk.file(enterprise, lines, sequence=3)
    enterprise.dissolved_on = on = months.day_in(month, 25)
    stage.enterprises.add(month, row_of(enterprise, effective_on=on, dissolved_on=on))
    stage.ledger.trap("dissolved-small", tax_code=enterprise.tax_code)
