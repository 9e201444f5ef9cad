-- Who counts at a unit on a day as known then, by person's id: a page after one id, and the sums of all of them.
with counted as materialized (
    select e.person, sum(e.workers)::int as workers, sum(e.present)::int as present, sum(e.members)::int as members
    from store.effects e
    where e.unit = %(unit)s and e.day <= %(valid_at)s and e.recorded_at <= %(known_at)s
    group by e.person
    having sum(e.workers) <> 0 or sum(e.present) <> 0 or sum(e.members) <> 0
), page as (
    select c.* from counted c
    where %(after)s::uuid is null or c.person > %(after)s
    order by c.person
    limit %(limit)s
)
select p.person, p.workers, p.present, p.members, t.persons, t.all_workers, t.all_present, t.all_members
from (
    select count(*)::int as persons, coalesce(sum(c.workers), 0)::int as all_workers,
        coalesce(sum(c.present), 0)::int as all_present, coalesce(sum(c.members), 0)::int as all_members
    from counted c
) t
left join page p on true
order by p.person
