"""What is said of a database that can't be reached holds no piece of a password."""

import pytest

from mobility.postgres import is_dsn, without_password


@pytest.mark.parametrize(
    ("said", "dsn"),
    [
        ("failed to resolve host 'of-it@127.0.0.1': [Errno -2]", "postgresql://u:half@of-it@127.0.0.1/d"),
        ('invalid integer value "half" for connection option "port"', "postgresql://u:half/of-it@127.0.0.1/d"),
        ('could not translate host name "of-it" to address', "postgresql://u:half@of-it/x@127.0.0.1/d"),
    ],
)
def test_a_piece_of_a_password_that_was_taken_for_a_host_or_a_port_is_left_out(said: str, dsn: str) -> None:
    told = without_password(said, dsn)
    assert "half" not in told
    assert "of-it" not in told


def test_names_of_hosts_and_users_are_told() -> None:
    said = 'connection to server at "10.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "u"'
    assert without_password(said, "postgresql://u:secret@10.0.0.1/d") == said


def test_what_is_no_dsn_is_known_as_such() -> None:
    assert is_dsn("postgresql://u@h/d?sslmode=require")
    assert is_dsn("")
    assert not is_dsn("postgresql:/u:half@h/d")
