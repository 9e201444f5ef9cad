-- What units that a page speaks of are called: by id, or unions by code.
select unit, kind, tax_code, union_code, name
from store.unit_status
where unit = any (%(units)s)
union
select unit, kind, tax_code, union_code, name
from store.unit_status
where kind = 'union' and union_code = any (%(unions)s)
