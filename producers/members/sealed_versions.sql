select seq, changed, why from vault.versions where person = %s::uuid
