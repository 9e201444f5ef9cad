copy vault.aliases (hash, person, kind, since, seen_at, number) from stdin (format binary)
