copy vault.persons (id, wrapped_key, record, minted_at, recorded_at) from stdin
