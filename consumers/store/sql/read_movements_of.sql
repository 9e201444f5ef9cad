-- The latest known reading of each of some movements.
select distinct on (m.movement_id) replace(m.movement_id::text, '-', '') as movement_id, m.version, m.what,
    m.from_unit, m.to_unit, m.left_on, m.started_on, m.facts
from (
    select * from store.movements where movement_id = any (%(ids)s::uuid[])
    union all
    select * from store.movement_versions where movement_id = any (%(ids)s::uuid[])
) m
where m.recorded_at <= %(known_at)s
order by m.movement_id, m.version desc
