update vault.codes set person = %s::uuid, code = %s where fact = %s
