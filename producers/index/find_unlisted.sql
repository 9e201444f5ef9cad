select r.unit, r.branch, r.as_of, f.key
from unnest(%s::text[], %s::text[], %s::date[]) as r (unit, branch, as_of)
join intake.facts f
  on f.unit = r.unit and f.branch = r.branch and f.live
 and f.change in ('joined', 'transferred_in', 'returned', 'listed')
group by r.unit, r.branch, r.as_of, f.key
having bool_or(f.day < r.as_of) and not bool_or(f.change = 'listed' and f.day = r.as_of)
order by r.unit, r.branch, r.as_of, f.key
