-- The same figures for the same day, as known now.
select count(*) filter (where u.kind = 'enterprise' and u.dissolved_on is null) as enterprises,
    coalesce(sum(u.workers) filter (where u.kind = 'enterprise'), 0)::bigint as workers,
    max(p.persons) as persons, max(p.members) as members,
    count(*) filter (where w.must) as watched,
    count(*) filter (where w.must and cardinality(u.unions) > 0) as with_union
from store.persons_then(%(month_end)s, 'infinity', null) p
left join store.units_then(null, %(month_end)s, 'infinity', null) u on true
left join lateral (select u.kind = 'enterprise' and u.workers >= 20 and u.ownership <> 'public_unit' as must) w on true
