-- Effects that waited for this tick. Those of the same batch are not in the table yet.
with come as (
    delete from store.waiting
    where partition = %(partition)s and day <= %(day)s
    returning person, unit, workers, present, members
)
insert into store_due (person, unit, workers, present, members)
select person, unit, workers, present, members from come
