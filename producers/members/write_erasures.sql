insert into vault.erasures (person, by, at) select unnest(%(ids)s::uuid[]), %(by)s, %(at)s on conflict do nothing
