"""Files that nobody should send, sent by the thousand: ``python -m tests.hostile --count 1000 --seed 1``."""
