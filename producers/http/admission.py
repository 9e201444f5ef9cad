"""Whether a post may speak for what it speaks for: looked at when its turn comes, with what is known by then."""

from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from producers.http.items import by_item
from producers.http.keys import known_key
from producers.http.queue import Waiting, refused_whole
from producers.http.reach import outside
from producers.http.whereabouts import Whereabouts
from producers.readers import FileRefused, open_readings
from producers.validate.claims import FileFault
from schemas.states import Receipt
from schemas.zone import ZONE


def refusal_of(
    path: Path,
    waiting: Waiting,
    connection: psycopg.Connection[Any],
    whereabouts: Whereabouts,
    now: datetime,
) -> Receipt | None:
    """The receipt that refuses the whole post, None when its key's scope covers every row of it.

    A reading that can't be read is passed over: the same reader refuses it when it is taken in. One of which it can't
    be told what it speaks for refuses the post.
    """
    key = known_key(connection, waiting.key_id)
    if key is None:
        return refused_whole(waiting, "no-key", "khóa API không còn.", "the API key is gone.")
    with open_readings(path) as readings:
        while True:
            try:
                reading = next(readings, None)
                if reading is None:
                    return None
                if not key.scope.may_send(reading.kind):
                    return refused_whole(
                        waiting,
                        "feed-not-allowed",
                        f"khóa này không được gửi {reading.kind.value}; không nhận gì của tệp. Hãy xin khóa khác.",
                        f"this key may not send {reading.kind.value}; nothing was taken. Ask for a key that may.",
                    )
                places = outside(
                    by_item(reading) if waiting.format == "rows" else reading,
                    scope=key.scope,
                    whereabouts=whereabouts,
                    connection=connection,
                    today=now.astimezone(ZONE).date().isoformat(),
                    unit=waiting.unit,
                    dossier=waiting.dossier,
                    replaces=waiting.replaces,
                )
                if places:
                    where = f" ({', '.join(places)})" if any(places) else ""
                    return refused_whole(
                        waiting,
                        "outside-scope",
                        f"có dòng nói về đơn vị ngoài phạm vi của khóa{where}; không nhận gì cả. Hãy bỏ chúng.",
                        f"rows speak for units beyond the key's scope{where}; nothing was taken. Leave them out.",
                    )
            except FileRefused:
                continue
            except FileFault as fault:
                return refused_whole(waiting, fault.reason, fault.vi, fault.en)
