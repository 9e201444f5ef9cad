select id, batch, dossier, unit, feed, file, sha256, line, field, reason, message, context, sealed
from intake.quarantine
where state = 'waiting' and (%(ids)s::bigint[] is null or id = any(%(ids)s)) and (%(reason)s = '' or reason = %(reason)s)
order by id
for update
