-- What a later reading replaces: the stored one, and all but the latest of those that came, together or late.
-- Of two with one version the first on the log counts, in whichever batches they came (the others order by ctid, too).
insert into store.movement_versions
with come as materialized (
    select s.*, max(s.version) over (partition by s.movement_id) as newest,
        row_number() over (partition by s.movement_id, s.version order by s.ctid) as place
    from stage_movements s
)
select m.*
from (select distinct movement_id, newest from come) c
join store.movements m on m.movement_id = c.movement_id and m.version < c.newest
union all
select c.movement_id, c.version, c.supersedes, c.person, c.what, c.from_unit, c.to_unit, c.left_on, c.started_on, c.facts,
    c.recorded_at
from come c
left join store.movements m using (movement_id)
where c.place = 1 and (c.version < c.newest or m.version > c.version)
on conflict do nothing
