-- Where persons who were left open at a unit count on the day, other units than that one; by person, then name. As in
-- the trail, any fact of the person may have changed something on its day (a death speaks of no unit).
with said as (
    select f.person, array_agg(distinct f.unit) filter (where left(f.unit, 1) = 'e' and f.unit <> %(unit)s) as units,
        array_agg(distinct f.day) as days
    from store.facts f
    where f.person = any (%(persons)s)
    group by f.person
), held as (
    select s.person, e.unit
    from said s
    join store.effects e on e.unit = any (s.units) and e.day = any (s.days) and e.person = s.person
    where e.day <= %(day)s
    group by s.person, e.unit
    having sum(e.workers) > 0
)
select h.person, h.unit, u.tax_code, u.name
from held h
join store.unit_status u using (unit)
where u.dissolved_on is null or u.dissolved_on > %(day)s
order by h.person, u.name, h.unit
