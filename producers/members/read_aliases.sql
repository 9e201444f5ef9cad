select hash, kind, since, number from vault.aliases where person = %s::uuid order by kind, since
