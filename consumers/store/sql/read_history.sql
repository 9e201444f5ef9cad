select day, sum(workers)::int as workers, sum(present)::int as present, sum(members)::int as members
from store.effects
where unit = %(unit)s
group by day
having sum(workers) <> 0 or sum(present) <> 0 or sum(members) <> 0
order by day
