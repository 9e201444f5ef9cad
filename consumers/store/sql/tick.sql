insert into store.clock as c (partition, day) values (%(partition)s, %(day)s)
on conflict (partition) do update set day = greatest(c.day, excluded.day)
