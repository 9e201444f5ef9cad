delete from vault.persons where id = any(%(ids)s::uuid[])
