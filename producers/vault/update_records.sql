update vault.persons p
set record = s.record, name_index = s.name_index, card_index = s.card_index, recorded_at = s.now
from (select unnest(%s::uuid[]) as id, unnest(%s::bytea[]) as record, unnest(%s::bytea[]) as name_index,
             unnest(%s::bytea[]) as card_index, %s::timestamptz as now) s
where p.id = s.id
