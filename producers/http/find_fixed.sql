select replace(batch::text, '-', ''), array_agg(line order by id)
from intake.quarantine
where batch = any(%(batches)s::uuid[]) and state = 'fixed'
group by batch
