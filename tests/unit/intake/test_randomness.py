"""Random bytes are never handed out twice: not to two threads, not to parent and child."""

import os
from concurrent.futures import ThreadPoolExecutor

from producers.vault.randomness import random_bytes


def test_nothing_comes_twice_in_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = [
            piece
            for pieces in pool.map(lambda _: [random_bytes(12) for _ in range(9_000)], range(8))
            for piece in pieces
        ]
    assert all(len(piece) == 12 for piece in drawn)
    assert len(set(drawn)) == len(drawn) == 72_000


def test_a_forked_child_draws_others() -> None:
    random_bytes(8)
    come, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(go, random_bytes(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(come, 16) != random_bytes(16)
    os.close(come)
    os.close(go)
