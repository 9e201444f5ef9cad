"""What goes out: events as the models have them, keys to partitions as Java has them, lines without numbers."""

import dataclasses
import random

import msgspec
import pytest
from kafka.partitioner.default import murmur2 as reference
from pydantic import BaseModel

from producers.copying import bytes_array, escaped
from producers.index.content import content_of
from producers.publish.events import PersonData, PlaceData, RegistryData
from producers.publish.partition import hashes_of, murmur2, partition_of
from producers.publish.spool import Spool
from producers.staging.words import line_name, scrubbed
from producers.validate.claims import PersonClaim, RegistryClaim
from schemas.persons import PersonFact
from schemas.registry import Place, RegistryFact


@pytest.mark.parametrize(
    ("struct", "model", "unsaid"),
    [(PersonData, PersonFact, {"winner", "through"}), (RegistryData, RegistryFact, set()), (PlaceData, Place, set())],
)
def test_the_structs_have_the_fields_and_defaults_of_their_models(
    struct: type[msgspec.Struct], model: type[BaseModel], unsaid: set[str]
) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    assert set(fields) == set(model.model_fields) - unsaid
    for name, field in fields.items():
        expected = model.model_fields[name]
        if field.default is not msgspec.NODEFAULT:
            assert field.default == expected.get_default()
        elif field.default_factory is msgspec.NODEFAULT:
            assert expected.is_required() or name == "precision"


def test_keys_go_where_the_java_client_sends_them() -> None:
    chance = random.Random(1)
    for length in [*range(70), 300]:
        key = chance.randbytes(length)
        assert murmur2(key) == reference(key)
    assert partition_of(murmur2(b"clock"), 4) == (reference(b"clock") & 0x7FFFFFFF) % 4


def test_many_keys_at_once_go_where_each_goes_alone() -> None:
    chance = random.Random("keys")
    keys = [chance.randbytes(16).hex().encode() for _ in range(500)] + [b"\0" * 32, b"\xff" * 32]
    keys += [chance.randbytes(chance.randint(0, 40)) for _ in range(60)]
    chance.shuffle(keys)
    assert hashes_of(keys) == [reference(key) & 0xFFFFFFFF for key in keys]
    assert hashes_of(keys[:5]) == [reference(key) & 0xFFFFFFFF for key in keys[:5]]
    assert hashes_of([]) == []


def test_a_line_that_could_be_a_number_or_a_name_is_hashed_the_same_every_time() -> None:
    secret = b"k" * 32
    assert [line_name(text, secret) for text in ("17", "A-3", "1.2")] == ["17", "A-3", "1.2"]
    numbers = ("031185000001", "79 0000 0001", "031.185.000.790", "79-0000-0001")
    for text in (*numbers, "Trần Thị Một", "PHAM.LO", "x" * 30):
        name = line_name(text, secret)
        assert name != text
        assert name == line_name(text, secret) != line_name(text, b"j" * 32)


def test_whatever_a_sentence_quotes_of_a_person_is_taken_out() -> None:
    values = {"full_name": "Trần Thị Một", "personal_number": "031185000001"}
    assert scrubbed("row 3: Trần Thị Một 031185000001 !", values) == "row 3: … … !"


def test_content_tells_persons_and_every_field_apart_and_needs_the_key() -> None:
    claim = PersonClaim("bhxh", "absent", "e1", "", "2026-10-01", "month", "D02", secret_code="TS")
    base = content_of(claim, "p1", b"k")
    assert content_of(dataclasses.replace(claim), "p1", b"k") == base
    others = [{"day": "2026-11-01"}, {"change": "joined"}, {"unit": "e2"}, {"secret_code": "OF"}, {"precision": "day"}]
    hashes = {content_of(dataclasses.replace(claim, **other), "p1", b"k") for other in others}  # type: ignore[arg-type]
    hashes |= {content_of(claim, "p2", b"k"), content_of(claim, "p1", b"j"), base}
    assert len(hashes) == len(others) + 3
    firm = RegistryClaim("enterprise-register", "enterprise_stated", "e1", "2026-01-01", "f", name="A")
    assert content_of(firm, "e1", b"k") != content_of(dataclasses.replace(firm, park="VSIP"), "e1", b"k")


def test_a_spool_gives_back_what_was_written_without_a_refused_file() -> None:
    with Spool() as spool:
        spool.write([("a", b"k1", b"v1")])
        mark = spool.mark()
        spool.write([("b", b"k2", b"v2" * 1000)] * 3)
        spool.rewind_to(mark)
        spool.write([("c", b"", b"v3")])
        assert list(spool.read()) == [("a", b"k1", b"v1"), ("c", b"", b"v3")]
        assert spool.count == 2


def test_text_for_copy_is_escaped() -> None:
    assert escaped("a\tb\\c\nd\0") == "a\\tb\\\\c\\nd"
    assert bytes_array([b"\x00\xff", b"a"]) == '{"\\\\x00ff","\\\\x61"}'
