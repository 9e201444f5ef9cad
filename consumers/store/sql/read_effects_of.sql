-- What each unit counts of one person, day by day. There is no index by person: units and days are those of the facts.
select e.day, e.unit, sum(e.workers)::int as workers, sum(e.present)::int as present, sum(e.members)::int as members
from store.effects e
where e.unit = any (%(units)s) and e.day = any (%(days)s::date[]) and e.person = %(person)s
    and e.recorded_at <= %(known_at)s
group by e.day, e.unit
having sum(e.workers) <> 0 or sum(e.present) <> 0 or sum(e.members) <> 0
order by e.day, e.unit
