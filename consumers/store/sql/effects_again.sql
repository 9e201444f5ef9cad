-- Some of these effects are there already, because somebody has moved an offset back by hand: they count once.
with fresh as (
    insert into store.effects select * from stage_effects
    on conflict do nothing
    returning partition, "offset", person, unit, day, workers, present, members
), split as (
    select f.*, coalesce(f.day <= c.day, false) as due
    from fresh f
    left join store.clock c using (partition)
), later as (
    insert into store.waiting
    select partition, "offset", person, unit, day, workers, present, members from split where not due
)
insert into store_due (person, unit, workers, present, members)
select person, unit, workers, present, members from split where due
