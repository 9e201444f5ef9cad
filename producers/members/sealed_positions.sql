select position, held from vault.positions where person = %s::uuid
