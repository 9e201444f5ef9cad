copy vault.aliases (hash, person, kind, since, seen_at) from stdin
