select hash, person, number is null from vault.aliases where hash = any(%s::bytea[])
