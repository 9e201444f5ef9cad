-- What an action needs to know of its alert.
select a.id, a.unit, a.state, a.version, t.day
from store.alerts a
cross join store.today t
where a.id = %(alert)s
