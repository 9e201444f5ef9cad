select q.id, replace(q.batch::text, '-', ''), q.dossier, q.unit, q.feed, q.file, q.line, q.field, q.reason, q.message, q.refused_at, q.state,
    q.settled_at, coalesce(replace(q.settled_batch::text, '-', ''), ''), q.why, q.edited_at is not null, q.sealed
from intake.quarantine q
where (%(ids)s::bigint[] is null or q.id = any(%(ids)s))
    and (%(state)s = '' or q.state = %(state)s)
    and (%(reason)s = '' or q.reason = %(reason)s)
    and (%(source)s = '' or q.feed = %(source)s)
    and (%(dossier)s = '' or q.dossier = %(dossier)s)
    and (%(since)s::date is null or q.refused_at >= %(since)s::date::timestamp at time zone 'Asia/Ho_Chi_Minh')
order by q.id desc
limit %(limit)s offset %(skip)s
