insert into store.person_units as p (person, unit, workers, members)
select person, unit, sum(workers), sum(members) from store_due group by person, unit order by person
on conflict (person, unit) do update set
    workers = p.workers + excluded.workers,
    members = p.members + excluded.members
