update vault.persons p
set record = s.record, recorded_at = s.now
from (select unnest(%s::uuid[]) as id, unnest(%s::bytea[]) as record, %s::timestamptz as now) s
where p.id = s.id
