update vault.persons p
set wrapped_key = s.wrapped_key, name_index = s.name_index, card_index = s.card_index, generation = s.generation
from (select unnest(%s::uuid[]) as id, unnest(%s::bytea[]) as wrapped_key, unnest(%s::bytea[]) as name_index,
             unnest(%s::bytea[]) as card_index, %s::int as generation) s
where p.id = s.id
