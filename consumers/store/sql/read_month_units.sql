-- Units whose figures for a month-end are other ones now than those published; a unit that is only on one side has 0 on
-- the other.
select coalesce(f.unit, u.unit) as unit, coalesce(f.kind, u.kind) as kind,
    coalesce(nullif(f.tax_code, ''), u.tax_code, '') as tax_code,
    coalesce(nullif(f.union_code, ''), u.union_code, '') as union_code, coalesce(nullif(f.name, ''), u.name, '') as name,
    coalesce(f.workers, 0) as workers, coalesce(f.present, 0) as present, coalesce(f.members, 0) as members,
    coalesce(u.workers, 0)::int as workers_now, coalesce(u.present, 0)::int as present_now,
    coalesce(u.members, 0)::int as members_now
from (select * from store.month_end_units where month_end = %(month_end)s) f
full join (
    select * from store.units_then(null, %(month_end)s, 'infinity', null) where dissolved_on is null
) u on u.unit = f.unit
where (coalesce(f.workers, 0), coalesce(f.present, 0), coalesce(f.members, 0))
    is distinct from (coalesce(u.workers, 0), coalesce(u.present, 0), coalesce(u.members, 0))
order by abs(coalesce(u.workers, 0) - coalesce(f.workers, 0)) desc, unit
