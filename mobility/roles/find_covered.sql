-- Live enterprises that some of these unions cover, by the union's code.
select u.code, s.unit
from unnest(%(codes)s::text[]) as u (code)
join store.unit_status s on u.code = any(s.unions)
where s.dissolved_on is null
