select reason, count(*)::int, min(refused_at), array_agg(distinct feed order by feed),
    (array_agg(message order by id))[1], (array_agg(id order by id))[1]
from intake.quarantine
where state = 'waiting'
group by reason
order by count(*) desc, reason
