-- The unit that a tax code or a union code speaks of today; the living one of two. Enterprises have no union code and
-- unions no tax code: both columns are then empty, and an empty question is about nobody.
select unit
from store.unit_status
where %(code)s <> '' and (tax_code = %(code)s or union_code = %(code)s)
order by dissolved_on is not null, kind, workers desc, unit
limit 1
