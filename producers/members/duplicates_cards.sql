-- Ids with the same membership card, by the keyed hash beside the record: nothing is opened for it.
select array_agg(p.id order by p.id)
from vault.persons p
where p.card_index is not null and p.merged_into is null
group by p.card_index
having count(*) between 2 and %s
