delete from vault.aliases where person = any(%(ids)s::uuid[])
