"""Looking for duplicates in a large vault: the planted pairs are found, and memory stays that of a block."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from producers.copying import copy_text
from producers.intake import open_intake
from producers.vault.identifiers import Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import number_about
from producers.vault.randomness import random_bytes
from producers.vault.record import indexes_of
from producers.vault.sealing import seal

pytestmark = [
    pytest.mark.services,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"),
]

PERSONS = 200_000
PLANTED = 500
"""Persons who came in twice: with a digit off, with two digits swapped, or under another number, born that day."""
MOST = 50 << 20
"""Bytes that the search may take beyond what the process had: 200,000 persons in memory at once take twice as much."""

CHILD = """
import json, re, sys, time
from pathlib import Path
from producers.intake import open_intake
from producers.members.duplicates import suggestions
def peak():  # of this program alone: what getrusage tells begins with the process that started it
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
with open_intake(dsn=sys.argv[1], kafka="127.0.0.1:1", home=Path(sys.argv[2])) as intake:
    before, began, worked = peak(), time.monotonic(), time.process_time()
    found = suggestions(intake.connection, intake.keys, who="clerk", why="looking")
    took = {"bytes": peak() - before, "peak": peak(), "seconds": time.monotonic() - began}
print(json.dumps({**took, "processor": time.process_time() - worked,
                  "pairs": [[one.one, one.other, *one.reasons] for one in found]}))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def planted(fresh_database: str, home: Path) -> Iterator[set[tuple[str, ...]]]:
    """The vault is filled; (one, other, reason) of the pairs that were put into it."""
    with open_intake(dsn=fresh_database, kafka="127.0.0.1:1", home=home) as intake:
        ids = [*fill(intake.connection, intake.keys, range(PERSONS))]
        again = [*fill(intake.connection, intake.keys, range(PLANTED), twice=True)]
        intake.connection.execute("analyze")
    reasons = ("one-digit-off", "digits-swapped", "same-name-and-birth")
    yield {(*sorted((ids[n], again[n])), reasons[n % 3]) for n in range(PLANTED)}


def fill(connection: psycopg.Connection, keys: VaultKeys, numbers: range, *, twice: bool = False) -> Iterator[str]:
    """Made-up persons into the vault, sealed as it seals; their ids."""
    now = datetime(2026, 11, 5, tzinfo=UTC)
    persons, aliases = [], []
    for n in numbers:
        person, key = random_bytes(16).hex(), random_bytes(32)
        about = person.encode()
        record = {"full_name": name(n), "birth_date": birth(n, other=twice and n % 3 != 2)}
        sealed = seal(key, json.dumps(record).encode(), about)
        persons.append(
            (person, seal(keys.master, key, about), sealed, now, now, indexes_of(record, keys.identifiers)[0])
        )
        number = identifier(n, twice)
        said = seal(key, number.number.encode(), number_about(person, number.kind))
        aliases.append((hash_of(number, keys.identifiers), person, number.kind, "2026-10-01", now, said))
        yield person
    columns = "id, wrapped_key, record, minted_at, recorded_at, name_index"
    copy_text(connection, f"copy vault.persons ({columns}) from stdin", persons)
    copy_text(connection, "copy vault.aliases (hash, person, kind, since, seen_at, number) from stdin", aliases)


def name(n: int) -> str:
    """Two hundred names, so each is shared by a thousand."""
    family = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")[n % 10]
    return f"{family} {('Văn', 'Thị', 'Xuân', 'Ngọc')[n // 10 % 4]} {('Hoà', 'Tám', 'Lan', 'Bình', 'Cúc')[n // 40 % 5]}"


def birth(n: int, *, other: bool) -> str:
    """A day of its own for everyone of a name; ``other``: another one, on which nobody else was born."""
    place = n // 200
    return f"{1 + place % 28:02d}/{1 + place // 28 % 9:02d}/{(1910 if other else 1970) + place // 252}"


def identifier(n: int, twice: bool) -> Identifier:
    """No two first statements are a slip of the pen apart (every digit pair is a digit written twice)."""
    digits = "".join(digit * 2 for digit in f"{n:06d}")
    if twice and n % 3 == 0:
        digits = digits[:-1] + str((int(digits[-1]) + 5) % 10)
    elif twice and n % 3 == 1:
        digits = _swapped(digits)
    elif twice:
        digits = "99" + digits[2:]
    return Identifier("personal", digits)


def _swapped(digits: str) -> str:
    """The first two neighbours that differ change places."""
    place = next(place for place in range(11) if digits[place] != digits[place + 1])
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def test_planted_pairs_are_found_in_the_memory_of_a_block(
    fresh_database: str, home: Path, planted: set[tuple[str, ...]]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, fresh_database, str(home)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    print({name: said[name] for name in ("bytes", "peak", "seconds", "processor")})
    assert {tuple(pair) for pair in said["pairs"]} == planted
    assert 0 < said["bytes"] < MOST
