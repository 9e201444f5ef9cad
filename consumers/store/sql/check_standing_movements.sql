-- The readings of some movements that stand.
select m.movement_id, m.version, m.supersedes, m.person, m.what, m.from_unit, m.to_unit, m.left_on, m.started_on, m.facts
from unnest(%(ids)s::uuid[]) a (movement_id)
join store.movements m using (movement_id)
