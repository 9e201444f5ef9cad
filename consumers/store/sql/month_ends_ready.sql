-- Month-ends whose tick has come on every partition, and that are not frozen yet.
select p.month_end
from store.month_end_places p
where not exists (select from store.month_ends f where f.month_end = p.month_end)
group by p.month_end
having count(*) = (select count(*) from store.clock)
order by p.month_end
