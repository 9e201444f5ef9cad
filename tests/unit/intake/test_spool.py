"""What is spooled comes back as it was, wherever the pieces that are read end."""

import random

import pytest

from producers.publish import spool
from producers.publish.spool import Spool


@pytest.mark.parametrize("piece", [1, 9, 64, 4_096])
def test_records_come_back_in_order_whatever_is_read_at_once(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(spool, "_PIECE", piece)
    monkeypatch.setattr(spool, "IN_MEMORY", 2_000)
    chance = random.Random(piece)
    sizes = [(chance.randint(0, 2), chance.randint(0, 40), chance.randint(0, 90)) for _ in range(200)]
    records = [(f"topic-{number}", chance.randbytes(key), chance.randbytes(value)) for number, key, value in sizes]
    with Spool() as spooled:
        spooled.write(records[:100])
        mark = spooled.mark()
        spooled.write(records[:7])
        spooled.rewind_to(mark)
        spooled.write(records[100:])
        assert list(spooled.read()) == records
        assert spooled.count == 200
        spooled.clear()
        assert list(spooled.read()) == []
