with fresh as (
    insert into store.effects select * from stage_effects
    on conflict do nothing
    returning partition, person, unit, day, workers, present, members
)
insert into store_due (person, unit, workers, present, members)
select f.person, f.unit, f.workers, f.present, f.members
from fresh f
join store.clock c using (partition)
where f.day <= c.day
