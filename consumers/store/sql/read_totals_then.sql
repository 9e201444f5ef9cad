select count(*) filter (where u.kind = 'enterprise' and u.dissolved_on is null) as enterprises,
    coalesce(sum(u.workers) filter (where u.kind = 'enterprise'), 0) as workers,
    (select persons from store.persons(%(valid_at)s, %(known_at)s)) as persons,
    (select members from store.persons(%(valid_at)s, %(known_at)s)) as members
from store.units(%(valid_at)s, %(known_at)s) u
