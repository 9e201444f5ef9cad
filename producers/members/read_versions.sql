select at, by, why, changed from vault.versions where person = %s::uuid order by seq
