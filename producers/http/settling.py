"""What an operator does with a held post: let it be tried at once, or refuse it, so that its sender reads why."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from producers.http import queue
from producers.http.queue import Waiting, refused_whole
from producers.http.seeing import seen_posts
from producers.intake import Intake, postgres_errors
from producers.session import Session
from producers.sql import query
from producers.validate.personal import holds_citizen_number
from schemas.zone import ZONE

PACKAGE: Final = "producers.http"
REFUSED: Final = "refused-by-operator"
LONGEST_WHY: Final = 300
_NUMBER: Final = re.compile(r"(?:\d[ ._-]?){9,}")


class PostStays(ValueError):
    """A post that can't be settled as asked; the message says why, ``vi`` in Vietnamese."""

    def __init__(self, english: str, vi: str) -> None:
        super().__init__(english)
        self.vi = vi


def retry(connection: psycopg.Connection[Any], posts: Sequence[UUID], *, who: str, now: datetime) -> list[UUID]:
    """Held posts to the queue again, at once; those that were held. The worker looks within two seconds."""
    with connection.transaction():
        found = [row[0] for row in connection.execute(query(PACKAGE, "retry_posts"), {"posts": list(posts)}).fetchall()]
        if found:
            _note(connection, found, who, "retried", "", now)
            connection.execute(query(PACKAGE, "notify_posts"))
    return sorted(found)


def refuse(
    intake: Intake,
    post: UUID,
    *,
    who: str,
    why: str,
    now: datetime,
    say: Callable[[str], None],
    patient: bool = True,
) -> None:
    """Nothing of a held post is taken in, and its sender reads ``why`` on the receipt; what was posted is forgotten.

    As the only publisher, so that the worker does not have it in hand, and after what was cut short is settled: a post
    of which something is on the log can't be refused. ``PostStays``; ``IntakeBusy`` unless ``patient``; ``KafkaAway``,
    ``PostgresAway``.
    """
    why = checked_why(why)
    today = now.astimezone(ZONE).date().isoformat()
    with (
        postgres_errors(),
        Session(intake.connection, intake.kafka, intake.keys, now=now, today=today, say=say, patient=patient),
        intake.connection.transaction(),
    ):
        row = intake.connection.execute(query(PACKAGE, "lock_held"), {"post": post}).fetchone()
        if row is None:
            raise _not_held(intake.connection, post)
        waiting = Waiting(*row)
        if intake.connection.execute(query(PACKAGE, "find_done_batches"), {"file": waiting.file}).fetchone():
            raise PostStays(
                f"Rows of post {post} are on the log already, so it can't be refused any more. Try it again: what is "
                f"there comes back as unchanged. mobility posts retry {post}",
                "Một phần nội dung này đã được nhận nên không từ chối được nữa. Hãy thử lại: phần đã nhận giữ nguyên.",
            )
        receipt = refused_whole(
            waiting,
            REFUSED,
            f"người vận hành không nhận: {why}. Hãy sửa rồi gửi lại với Idempotency-Key mới.",
            f"the operator did not take it: {why}. Correct it and send it with a new Idempotency-Key.",
        )
        queue.publish(intake.connection, [(waiting, [receipt])], now)
        _note(intake.connection, [post], who, "refused", why, now)


def checked_why(why: str) -> str:
    """The sentence for the sender. ``PostStays`` for none, a long one, or one that holds a number of a person."""
    why = " ".join(why.split()).rstrip(".")
    if not why or len(why) > LONGEST_WHY:
        raise PostStays(
            f"Say why in 1 to {LONGEST_WHY} characters: its sender reads it on the receipt.",
            f"Hãy nêu lý do (tối đa {LONGEST_WHY} ký tự): bên gửi đọc được trên biên nhận.",
        )
    if holds_citizen_number(why) or _NUMBER.search(why):
        raise PostStays(
            "The reason holds a number that may be a person's. Name rows or fields instead.",
            "Lý do có chứa số có thể là của một người. Hãy ghi dòng hoặc cột thay cho số đó.",
        )
    return why


def _not_held(connection: psycopg.Connection[Any], post: UUID) -> PostStays:
    found, _ = seen_posts(connection, posts=[post])
    if not found:
        return PostStays(f"There is no post {post}: mobility posts list", "Không có lần gửi này.")
    state = found[0].state
    vi = {"queued": "đang chờ đến lượt", "published": "đã xong"}.get(state, state)
    return PostStays(f"Post {post} is {state}, not held: only a held one is settled by hand.", f"Lần gửi này {vi}.")


def _note(connection: psycopg.Connection[Any], posts: list[UUID], who: str, did: str, said: str, now: datetime) -> None:
    values = {"posts": posts, "at": now, "who": who, "did": did, "said": said}
    connection.execute(query(PACKAGE, "write_post_log"), values)
