select id from vault.persons where name_index = any(%s::bytea[]) and merged_into is null order by id
