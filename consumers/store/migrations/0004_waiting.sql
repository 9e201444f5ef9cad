-- Effects of days that the clock has not reached on their partition: a tick takes them out of here. An index on the day
-- of all effects would cost every one of them; a block range index finds nothing in blocks that no vacuum has seen.
create table store.waiting (
    partition int not null,
    "offset" bigint not null,
    person uuid not null,
    unit text not null,
    day date not null,
    workers smallint not null,
    present smallint not null,
    members smallint not null,
    primary key (partition, "offset")
);
insert into store.waiting
select e.partition, e."offset", e.person, e.unit, e.day, e.workers, e.present, e.members
from store.effects e
left join store.clock c using (partition)
where c.day is null or e.day > c.day;
drop index store.effects_day;
