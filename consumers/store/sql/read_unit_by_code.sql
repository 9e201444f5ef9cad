-- The unit that a tax code or a union code speaks of today; the living one of two.
select unit
from store.unit_status
where tax_code = %(code)s or union_code = %(code)s
order by dissolved_on is not null, kind, workers desc, unit
limit 1
