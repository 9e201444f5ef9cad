update vault.merges set published = true where loser = any(%s::uuid[])
