insert into intake.posts (post, key_id, idempotency, content, state, format, unit, dossier, replaces, size, sealed,
    received_at)
values (%(post)s, %(key_id)s, %(idempotency)b, %(content)b, 'queued', %(format)s, %(unit)s, %(dossier)s, %(replaces)s,
    %(size)s, %(sealed)b, %(now)s)
on conflict (key_id, idempotency) do nothing
returning post
