update vault.aliases a
set hash = s.after
from unnest(%s::bytea[], %s::bytea[]) as s (before, after)
where a.hash = s.before and s.before <> s.after
