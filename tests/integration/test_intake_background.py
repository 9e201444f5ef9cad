"""The connection that works behind the program's back: in order, and with nothing left over after an error."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from producers.background import BackgroundConnection

pytestmark = pytest.mark.services


@pytest.fixture
def line(fresh_database: str) -> Iterator[BackgroundConnection]:
    with BackgroundConnection.connect(fresh_database, autocommit=True) as connection:
        connection.execute("drop table if exists public.behind")
        connection.execute("create table public.behind (id int primary key, said text not null)")
        yield connection
        connection.execute("drop table public.behind")


def _write(line: BackgroundConnection, number: int, said: str | None = "") -> None:
    line.behind(lambda: line.execute("insert into public.behind values (%s, %s)", (number, said)))


def _rows(line: BackgroundConnection) -> list[int]:
    return [row[0] for row in line.execute("select id from public.behind order by id").fetchall()]


def test_works_are_done_in_the_order_in_which_they_were_given(line: BackgroundConnection) -> None:
    asked = []
    for number in range(20):
        asked.append(line.behind(lambda: line.execute("select count(*) from public.behind").fetchall()[0][0]))
        _write(line, number)
    assert [line.answer(one) for one in asked] == list(range(20))
    assert _rows(line) == list(range(20))


def test_the_first_error_is_raised_at_the_next_use_and_takes_the_transaction_with_it(
    line: BackgroundConnection,
) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation), line.transaction():
        _write(line, 1)
        _write(line, 2, None)
        _write(line, 3)  # fails too, since the transaction is lost: that is not what is told
        line.execute("select 1")
    assert _rows(line) == []
    _write(line, 4)
    assert _rows(line) == [4]


def test_an_answer_tells_of_the_work_that_failed_before_it(line: BackgroundConnection) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation), line.transaction():
        _write(line, 1, None)
        line.answer(line.behind(lambda: line.execute("select 1").fetchall()))
    assert _rows(line) == []


def test_what_is_given_up_never_stands_by_itself(line: BackgroundConnection) -> None:
    may_go_on = threading.Event()
    with pytest.raises(KeyboardInterrupt), line.transaction():
        line.behind(may_go_on.wait)
        _write(line, 1)
        threading.Timer(0.1, may_go_on.set).start()
        line.give_up()
        raise KeyboardInterrupt
    assert _rows(line) == []
