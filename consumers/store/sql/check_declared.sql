-- Of statements on the log, which the store has, and what it says they are.
select a.place, f.change, f.unit, f.day::text as day
from unnest(%(persons)s::uuid[], %(facts)s::uuid[], %(versions)s::bigint[]) with ordinality
    as a (person, fact, version, place)
join store.facts f on f.person = a.person and f.fact = a.fact and f.version = a.version
