insert into vault.versions (person, changed, by, why, at) values (%s::uuid, %s, %s, %s, %s)
