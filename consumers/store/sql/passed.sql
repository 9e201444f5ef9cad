insert into store.clock as c (partition, passed) values (%(partition)s, %(day)s)
on conflict (partition) do update set passed = greatest(c.passed, excluded.passed)
