select id, wrapped_key, record
from vault.persons
where generation < %s and id > %s::uuid
order by id
limit %s
for update skip locked
