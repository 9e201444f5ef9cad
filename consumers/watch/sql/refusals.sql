select line, field, reason, message, count(*) over () as total
from store.receipt_refusals
where batch = %(batch)s
order by place
limit %(limit)s offset %(skip)s
