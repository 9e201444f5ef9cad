"""What the steps read and write are fields of the models in ``schemas``: a renamed field can't go unnoticed."""

import msgspec
import pytest
from pydantic import BaseModel

from schemas.changes import AlertAction, AlertInherited, ClockAdvanced, Effect, Mark
from schemas.envelope import CloudEvent
from schemas.persons import Change, PersonFact
from schemas.registry import Place, RegistryChange, RegistryFact
from schemas.states import AlertStep
from streams.people import facts as person_facts
from streams.people import reading as person_reading
from streams.registry import facts as registry_facts
from streams.registry import marks, output
from streams.units import changes


@pytest.mark.parametrize(
    ("struct", "models"),
    [
        (person_reading.Event, [CloudEvent]),
        (person_reading.Data, [PersonFact]),
        (registry_facts.Event, [CloudEvent]),
        (registry_facts.Fact, [RegistryFact]),
        (registry_facts.Place, [Place]),
        (output.MarkEvent, [CloudEvent]),
        (output.MarkData, [Mark]),
        (changes.Event, [CloudEvent]),
        (changes.Data, [Effect, Mark, AlertAction, AlertInherited, ClockAdvanced]),
        (changes.Lived, [AlertStep]),
    ],
)
def test_every_field_is_one_of_its_models(struct: type[msgspec.Struct], models: list[type[BaseModel]]) -> None:
    known = {name for model in models for name in model.model_fields}
    assert set(struct.__struct_fields__) <= known


def test_what_is_written_has_every_field() -> None:
    assert set(Mark.model_fields) == set(output.MarkData.__struct_fields__)


def test_every_change_of_a_person_has_its_number() -> None:
    assert set(Change) == set(person_facts.KNOWN)
    numbers = [number for number, _ in person_facts.KNOWN.values()]
    assert len(set(numbers)) == len(numbers)


def test_every_change_of_a_register_is_known() -> None:
    assert set(RegistryChange) == registry_facts.CHANGES


def test_the_stated_fields_of_a_mark_are_fields_of_the_fact() -> None:
    assert set(marks._DESCRIBED) <= set(RegistryFact.model_fields)
    assert set(Mark.model_fields["about"].annotation.__args__) == changes.ABOUT  # type: ignore[union-attr]
    assert set(AlertAction.model_fields["action"].annotation.__args__) == changes.ACTIONS  # type: ignore[union-attr]
