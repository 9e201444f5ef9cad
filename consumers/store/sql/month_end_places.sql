insert into store.month_end_places (month_end, partition, "offset", day)
values (%(month_end)s, %(partition)s, %(offset)s, %(day)s)
on conflict do nothing
