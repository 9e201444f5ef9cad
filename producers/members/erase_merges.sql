delete from vault.merges where loser = any(%(ids)s::uuid[]) or winner = any(%(ids)s::uuid[])
