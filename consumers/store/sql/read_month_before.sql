select month_end, published_on, enterprises, workers, persons, members, watched, with_union
from store.month_ends
where month_end < %(month_end)s
order by month_end desc
limit 1
