select wrapped_key, record, merged_into, minted_at, recorded_at from vault.persons where id = %s::uuid
