-- Today's city figures, from the sums that the store keeps. The clock's day is the one that every partition has passed.

create view store.today as
select case when count(*) = count(passed) then min(passed) end as day from store.clock;

-- A sum over units counts a person with n open spells n times: take n - 1 off again.
create view store.totals as
with open as (
    select p.person,
        count(*) filter (where p.workers > 0 and p.unit like 'e%' and u.dissolved_on is null) as spells,
        count(*) filter (where p.members > 0 and p.unit like 'u%') as memberships
    from store.persons_in_several s
    join store.person_units p using (person)
    left join store.unit_status u using (unit)
    group by p.person
), surplus as (
    select coalesce(sum(greatest(spells - 1, 0)), 0) as spells, coalesce(sum(greatest(memberships - 1, 0)), 0) as memberships
    from open
), counted as (
    select coalesce(sum(c.workers) filter (where c.unit like 'e%' and u.dissolved_on is null), 0) as spells,
        coalesce(sum(c.members) filter (where c.unit like 'u%'), 0) as memberships
    from store.unit_counts c
    left join store.unit_status u using (unit)
), live as (
    select count(*) as enterprises, coalesce(sum(workers), 0) as workers
    from store.unit_status
    where kind = 'enterprise' and dissolved_on is null
)
select live.enterprises, live.workers, counted.spells - surplus.spells as persons,
    counted.memberships - surplus.memberships as members
from live, counted, surplus;

-- How many of those that must have a union (20 workers or more, no public unit) have one.
create view store.cover as
select count(*) as enterprises, count(*) filter (where cardinality(unions) > 0) as with_union
from store.unit_status
where kind = 'enterprise' and dissolved_on is null and ownership <> 'public_unit' and workers >= 20;
