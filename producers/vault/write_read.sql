insert into vault.reads (who, why, what, person, rows) values (%s, %s, %s, %s::uuid, %s)
