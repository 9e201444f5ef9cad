delete from vault.positions where person = any(%(ids)s::uuid[])
