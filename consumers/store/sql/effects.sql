-- Effects that have just been copied into store.effects: due now, or waiting for a tick.
with fresh as materialized (
    select e.partition, e."offset", e.person, e.unit, e.day, e.workers, e.present, e.members,
        coalesce(e.day <= c.day, false) as due
    from store.effects e
    left join store.clock c using (partition)
    where e.partition = %(partition)s and e."offset" >= %(start)s and e."offset" < %(end)s
), later as (
    insert into store.waiting
    select partition, "offset", person, unit, day, workers, present, members from fresh where not due
)
insert into store_due (person, unit, workers, present, members)
select person, unit, workers, present, members from fresh where due
