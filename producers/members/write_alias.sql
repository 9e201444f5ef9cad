insert into vault.aliases (hash, person, kind, since, seen_at, number) values (%s, %s::uuid, %s, %s, %s, %s)
