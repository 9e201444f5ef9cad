insert into watch.dead_marks (topic, partition, "offset", digest, state, by, why)
values (%(topic)s, %(partition)s, %(offset)s, %(digest)s, %(state)s, %(by)s, %(why)s)
on conflict (topic, partition, "offset") do update
set digest = excluded.digest, state = excluded.state, by = excluded.by, why = excluded.why, at = now()
