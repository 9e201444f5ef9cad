select fact, code from vault.codes where person = %s::uuid
