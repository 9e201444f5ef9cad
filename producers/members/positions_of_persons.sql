select person, position, held from vault.positions where person = any(%s::uuid[])
