insert into store.persons_in_several (person)
select p.person
from (select distinct person from store_due where workers > 0 or members > 0) d
join store.person_units p using (person)
group by p.person
having count(*) filter (where p.workers > 0) > 1 or count(*) filter (where p.members > 0 and p.unit like 'u%') > 1
on conflict do nothing
