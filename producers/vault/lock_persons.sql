select id, wrapped_key, record from vault.persons where id = any(%s::uuid[]) order by id for update
