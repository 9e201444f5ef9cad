select id, wrapped_key, record from vault.persons
where id > %s and merged_into is null
order by id
limit %s
