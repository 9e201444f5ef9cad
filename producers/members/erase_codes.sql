delete from vault.codes where person = any(%(ids)s::uuid[])
