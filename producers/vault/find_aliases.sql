select hash, person from vault.aliases where hash = any(%s::bytea[])
