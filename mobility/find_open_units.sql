-- Units that hold a person today, or will from a day to come: the sums that are due, and what waits for its day. Both by
-- an index on the person, so the answer costs that person's rows, however many effects there are.
select unit
from (
    select unit, workers, members, true as due from store.person_units where person = %(person)s::uuid
    union all
    select unit, workers, members, false from store.waiting where person = %(person)s::uuid
) held
group by unit
having coalesce(sum(workers) filter (where due), 0) <> 0 or sum(workers) <> 0
    or coalesce(sum(members) filter (where due), 0) <> 0 or sum(members) <> 0
order by unit
