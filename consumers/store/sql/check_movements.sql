-- Of readings of movements on the log, what the store says they are, and whether a later one has superseded them.
select a.place, m.supersedes, m.person, m.what, m.from_unit, m.to_unit, m.left_on, m.started_on, m.facts, m.stands
from unnest(%(ids)s::uuid[], %(versions)s::int[]) with ordinality as a (movement_id, version, place)
cross join lateral (
    select s.*, true as stands from store.movements s
    where s.movement_id = a.movement_id and s.version = a.version
    union all
    select v.*, false from store.movement_versions v
    where v.movement_id = a.movement_id and v.version = a.version
) m
