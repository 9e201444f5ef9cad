update vault.versions set person = %s::uuid, changed = %s, why = %s where seq = %s
