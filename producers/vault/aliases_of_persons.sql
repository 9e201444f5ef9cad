select hash, person, kind, number from vault.aliases where person = any(%s::uuid[]) for update
