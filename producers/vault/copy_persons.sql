copy vault.persons (id, wrapped_key, record, minted_at, recorded_at, generation, name_index, card_index) from stdin (format binary)
