insert into intake.api_keys (id, name, hash, feeds, everywhere, areas, enterprises, unions, per_minute, created_at,
    created_by, expires_at)
values (%(id)s, %(name)s, %(hash)s, %(feeds)s, %(everywhere)s, %(areas)s, %(enterprises)s, %(unions)s, %(per_minute)s,
    %(created_at)s, %(created_by)s, %(expires_at)s)
