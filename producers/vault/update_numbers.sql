update vault.aliases a
set number = s.number
from unnest(%s::bytea[], %s::bytea[]) as s (hash, number)
where a.hash = s.hash
