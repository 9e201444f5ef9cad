select id, merged_into from vault.persons where merged_into is not null order by id
