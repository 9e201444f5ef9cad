-- What a later reading replaces: the stored one, and all but the latest of those that came together.
insert into store.movement_versions
select m.*
from store.movements m
where exists (select from stage_movements s where s.movement_id = m.movement_id and s.version > m.version)
union all
select distinct on (s.movement_id, s.version) s.*
from stage_movements s
where exists (select from stage_movements n where n.movement_id = s.movement_id and n.version > s.version)
on conflict do nothing
