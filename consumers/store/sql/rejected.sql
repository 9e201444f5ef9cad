insert into store.rejected (topic, partition, "offset", reason)
values (%(topic)s, %(partition)s, %(offset)s, %(reason)s)
on conflict do nothing
