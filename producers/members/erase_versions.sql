delete from vault.versions where person = any(%(ids)s::uuid[])
