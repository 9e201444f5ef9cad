update intake.quarantine q
set state = 'fixed', settled_at = %(at)s, settled_batch = g.batch
from unnest(%(ids)s::bigint[], %(batches)s::uuid[]) g(id, batch)
where q.id = g.id
