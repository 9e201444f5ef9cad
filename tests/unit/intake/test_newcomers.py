"""Sealing in a process of its own says the same as sealing here, and goes on here when that process is gone."""

import os
import signal
import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from producers.vault import sealprocess
from producers.vault.newcomers import Hand, Newcomer, microseconds, number_about, rows_of
from producers.vault.record import name_index
from producers.vault.sealing import unseal
from producers.vault.sealprocess import Sealer

NOW = datetime(2026, 11, 5, 3, 0, 0, 7, tzinfo=UTC)
HAND = Hand(bytes(range(32)), bytes(range(32, 64)), 3, microseconds(NOW))
PERSON = {"full_name": "Đỗ Thị Không Có", "birth_date": "1990-02-01", "insurance_number": "7900000001"}


def _newcomers(count: int) -> list[Newcomer]:
    return [
        (
            f"{n:032x}",
            bytes([n % 251]) * 32,
            PERSON if n % 3 else {},
            [(bytes([n % 251]) * 32, "insurance", "2026-10-01", f"79{n:08d}")],
        )
        for n in range(count)
    ]


def _parsed(rows: bytes) -> list[list[bytes | None]]:
    """Rows of COPY's binary format as their fields."""
    found, at = [], 0
    while at < len(rows):
        (count,) = struct.unpack_from(">h", rows, at)
        at, fields = at + 2, []
        for _ in range(count):
            (size,) = struct.unpack_from(">i", rows, at)
            at += 4
            fields.append(None if size < 0 else rows[at : at + size])
            at += max(size, 0)
        found.append(fields)
    return found


def _opened(rows: tuple[bytes, bytes], newcomers: list[Newcomer]) -> None:
    """Every row opens with the person's key, and says what was stated."""
    persons, numbers = map(_parsed, rows)
    assert len(persons) == len(numbers) == len(newcomers)
    now = struct.pack(">q", (NOW - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    day = struct.pack(">i", (date(2026, 10, 1) - date(2000, 1, 1)).days)
    for (identity, key, stated, [(hashed, kind, _, number)]), person, said in zip(
        newcomers, persons, numbers, strict=True
    ):
        about = identity.encode()
        assert person[0] == said[1] == bytes.fromhex(identity)
        assert unseal(HAND.master, person[1] or b"", about) == key
        assert person[3:6] == [now, now, struct.pack(">i", 3)]
        if stated:
            assert msgspec.json.decode(unseal(key, person[2] or b"", about)) == stated
            assert person[6] == name_index(stated["full_name"], "1990", HAND.secret)
        else:
            assert person[2] is person[6] is None
        assert person[7] is None
        assert [said[0], *said[2:5]] == [hashed, kind.encode(), day, now]
        assert unseal(key, said[5] or b"", number_about(identity, kind)).decode() == number


@pytest.fixture
def sealer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sealer]:
    monkeypatch.setattr(sealprocess, "LARGE", 50)
    with Sealer() as made:
        yield made


def test_sealed_here_and_there_alike(sealer: Sealer) -> None:
    few, many = _newcomers(49), _newcomers(300)
    _opened(rows_of(few, HAND), few)
    _opened(sealer.rows(few, HAND), few)
    assert sealer._process is None  # not worth a process
    _opened(sealer.rows(many, HAND), many)
    assert sealer._process is not None
    _opened(sealer.rows(few, HAND), few)
    assert sealer.rows([], HAND) == (b"", b"")
    begun = [sealer.begin(some, HAND) for some in (many, few, many)]
    for one, some in zip(begun, (many, few, many), strict=True):
        _opened(one.result(), some)


def test_a_dead_process_costs_nothing_but_time(sealer: Sealer) -> None:
    many = _newcomers(60)
    sealer.rows(many, HAND)
    assert sealer._process is not None
    os.kill(sealer._process.pid, signal.SIGKILL)
    sealer._process.wait()
    _opened(sealer.rows(many, HAND), many)
    assert sealer._process is None
    _opened(sealer.rows(many, HAND), many)
