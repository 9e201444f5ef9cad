-- Where and when something of a person may have changed: every version of every fact counts, withdrawn ones too.
select array_agg(distinct unit) filter (where unit <> '') as units, array_agg(distinct day) as days
from store.facts
where person = %(person)s
