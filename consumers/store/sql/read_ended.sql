-- When a unit was dissolved, as known then; no row: it lives.
select dissolved_on
from store.said_then(array[%(unit)s::text], %(valid_at)s, %(known_at)s, null)
where unit = %(unit)s and dissolved_on is not null
