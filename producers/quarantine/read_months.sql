-- Refused rows by the month in which they were refused (of the city's clock), source and first reason, and their fate.
select to_char(refused_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM'), feed, first_reason, count(*)::int,
    count(*) filter (where state = 'waiting')::int, count(*) filter (where state = 'fixed')::int,
    count(*) filter (where state = 'discarded')::int
from intake.quarantine
where (%(source)s = '' or feed = %(source)s)
    and (%(since)s::date is null or refused_at >= %(since)s::date::timestamp at time zone 'Asia/Ho_Chi_Minh')
group by 1, 2, 3
order by 1, 4 desc, 2, 3
