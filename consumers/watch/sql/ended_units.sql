-- Those of the units that count nobody any more on the clock's day, since when, and who succeeds them.
select u.unit, u.dissolved_on, u.successors
from store.unit_status u
where u.unit = any (%(units)s) and u.dissolved_on is not null
