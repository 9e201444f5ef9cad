insert into store.unit_counts as u (unit, workers, present, members)
select unit, sum(workers), sum(present), sum(members) from store_due group by unit
on conflict (unit) do update set
    workers = u.workers + excluded.workers,
    present = u.present + excluded.present,
    members = u.members + excluded.members
