select id, merged_into from vault.persons where id = %(person)s::uuid or merged_into = %(person)s::uuid order by id
