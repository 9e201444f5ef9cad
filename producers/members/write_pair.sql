insert into vault.distinct_pairs (one, other, by, at) values (%s::uuid, %s::uuid, %s, now()) on conflict do nothing
