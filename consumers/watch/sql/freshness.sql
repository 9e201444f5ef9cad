-- When the newest thing that the page shows was recorded, and how much of the cover is at some branches only.
select greatest(max(u.recorded_at), (select max(r.recorded_at) from store.receipts r)) as updated,
    count(*) filter (where u.kind = 'enterprise' and u.dissolved_on is null and u.ownership <> 'public_unit'
        and u.workers >= 20 and cardinality(u.unions) > 0 and u.partial_cover) as partial,
    count(*) as units
from store.unit_status u
