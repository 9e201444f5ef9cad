select f.fact
from intake.facts f
where hashtextextended(f.dossier, 0) = hashtextextended(%(dossier)s, 0)
  and f.dossier = %(dossier)s and f.source = %(source)s and f.live
  and (%(places)s::text[] is null or coalesce(nullif(f.branch, ''), f.unit) = any(%(places)s::text[]))
  and not exists (select from pg_temp.restated r where r.fact = f.fact)
  and not exists (select from pg_temp.restated r where r.fact is null and r.line = f.line)
order by f.fact
