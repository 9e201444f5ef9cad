-- Effects that waited for this tick. Those of the same batch are not in the table yet.
insert into store_due (person, unit, workers, present, members)
select e.person, e.unit, e.workers, e.present, e.members
from store.effects e
join store.clock c using (partition)
where e.partition = %(partition)s and e.day <= %(day)s and (c.day is null or e.day > c.day)
