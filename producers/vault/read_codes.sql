select c.fact, c.code, p.wrapped_key
from vault.codes c join vault.persons p on p.id = c.person
where c.person = %s::uuid
