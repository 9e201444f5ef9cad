update vault.positions set person = %s::uuid, held = %s where position = %s
