select count(*)::int
from intake.quarantine q
where (%(ids)s::bigint[] is null or q.id = any(%(ids)s))
    and (%(state)s = '' or q.state = %(state)s)
    and (%(reason)s = '' or q.reason = %(reason)s)
    and (%(source)s = '' or q.feed = %(source)s)
    and (%(dossier)s = '' or q.dossier = %(dossier)s)
    and (%(since)s::date is null or q.refused_at >= %(since)s::date::timestamp at time zone 'Asia/Ho_Chi_Minh')
