update vault.aliases set hash = %s, person = %s::uuid, number = %s where hash = %s
