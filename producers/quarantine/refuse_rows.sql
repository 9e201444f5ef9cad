update intake.quarantine q
set field = g.field, reason = g.reason, message = g.message
from unnest(%(ids)s::bigint[], %(fields)s::text[], %(reasons)s::text[], %(messages)s::text[]) g(id, field, reason, message)
where q.id = g.id
