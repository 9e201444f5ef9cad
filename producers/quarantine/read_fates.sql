select line, field, first_reason, state, reason, settled_at, why, id
from intake.quarantine
where batch = %s
order by id
