-- The statements about some persons, as the step reads them, in the order of the log.
select person, fact, version, "offset", recorded_at, day, exact, short, change, unit, branch, rest
from store.facts
where person = any (%(persons)s::uuid[]) and partition = %(partition)s
order by "offset"
