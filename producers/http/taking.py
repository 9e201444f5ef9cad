"""From a body that has arrived to its receipt: shape, scope, disk."""

from collections.abc import Callable
from contextlib import suppress

from producers.http import metrics
from producers.http.desk import PostDesk
from producers.http.feeds import Feed
from producers.http.keys import ApiKey
from producers.http.posts import Accepted, Posted, accept, earlier
from producers.http.problems import Problem
from producers.http.reach import outside
from producers.http.rows import Batch
from producers.readers import Reading
from producers.validate.claims import FileFault
from schemas.zone import ZONE

Parse = Callable[[bytes], Batch]


def take_rows(
    desk: PostDesk, key: ApiKey, feed: Feed, route: str, raw: bytes, parse: Parse, idempotency: str
) -> Accepted:
    """Rows as JSON. ``Problem``: of the shape, ``outside-scope``, and those of ``posts.accept``.

    The scope is looked at once more when the rows' turn comes, then for good; here it spares the sender the waiting.
    """
    batch = parse(raw)
    posted = Posted(route, "rows", raw, batch.as_csv(feed), batch.unit, batch.dossier, batch.replaces)
    accepted = _take(desk, key, posted, idempotency, lambda: _beyond(desk, key, feed, batch))
    if not accepted.again:
        metrics.ACCEPTED_ROWS.inc(len(batch.rows))
    return accepted


def take_file(desk: PostDesk, key: ApiKey, posted: Posted, idempotency: str) -> Accepted:
    """A file as it is; what it holds is seen when its turn comes. ``Problem``: those of ``posts.accept``."""
    return _take(desk, key, posted, idempotency, list)


def _take(desk: PostDesk, key: ApiKey, posted: Posted, idempotency: str, beyond: Callable[[], list[str]]) -> Accepted:
    with desk.connection() as connection:
        keys = desk.keys(connection)
        before = earlier(connection, keys, posted, key_id=key.id, idempotency=idempotency)
    if before is None:
        if places := beyond():
            raise Problem("outside-scope", tuple(places))
        with desk.connection() as connection:
            before = accept(
                connection,
                keys,
                posted,
                key_id=key.id,
                idempotency=idempotency,
                limits=desk.limits,
                now=desk.clock(),
            )
    (metrics.REPEATED if before.again else metrics.ACCEPTED.labels(posted.format)).inc()
    return before


def _beyond(desk: PostDesk, key: ApiKey, feed: Feed, batch: Batch) -> list[str]:
    reading = Reading(feed.kind, "", "", iter(batch.read()))
    with desk.connection() as connection, suppress(FileFault):  # refused at its turn, with that reason
        return outside(
            reading,
            scope=key.scope,
            whereabouts=desk.whereabouts,
            connection=connection,
            today=desk.clock().astimezone(ZONE).date().isoformat(),
            unit=batch.unit,
            dossier=batch.dossier,
            replaces=batch.replaces,
        )
    return []
