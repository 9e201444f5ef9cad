-- By its current tax code; a code that a dissolved and a living enterprise share means the living one.
select *
from store.unit_status
where kind = 'enterprise' and tax_code = %(tax_code)s
order by dissolved_on is not null, workers desc, unit
limit 1
