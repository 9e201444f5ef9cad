select u.enterprises, u.workers, p.persons, p.members
from (
    select count(*) filter (where kind = 'enterprise' and dissolved_on is null) as enterprises,
        coalesce(sum(workers) filter (where kind = 'enterprise'), 0) as workers
    from store.units_then(null, %(valid_at)s, %(known_at)s, null)
) u, store.persons_then(%(valid_at)s, %(known_at)s, null) p
