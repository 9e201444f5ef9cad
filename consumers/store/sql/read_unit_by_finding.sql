-- The unit of a code that only facts without effect speak of: no count of it ever changed and no register names it, so
-- that it has no status. Its id is made of the code (schemas.ids).
select f.unit
from store.findings f
where f.open and f.unit in ('e' || %(code)s::text, 'u' || %(code)s::text)
    and not exists (select from store.unit_status u where u.unit = f.unit)
order by f.unit
limit 1
