-- Persons who may now have two open at once: who begins at a unit while another one holds them. A look into the index
-- for each (limit 1 sees to it); the planner would rather read the whole table, which grows.
insert into store.persons_in_several (person)
select distinct d.person
from store_due d
cross join lateral (
    select from store.person_units p
    where p.person = d.person and p.unit <> d.unit
        and (d.workers > 0 and p.workers > 0 or d.members > 0 and p.members > 0 and p.unit like 'u%')
    limit 1
) another
where d.workers > 0 or d.members > 0 and d.unit like 'u%'
on conflict do nothing
