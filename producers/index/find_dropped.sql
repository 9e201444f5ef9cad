select f.fact
from intake.facts f
where hashtextextended(f.dossier, 0) = hashtextextended(%(dossier)s, 0)
  and f.dossier = %(dossier)s and f.source = %(source)s and f.live
  and (%(places)s::text[] is null or coalesce(nullif(f.branch, ''), f.unit) = any(%(places)s::text[]))
  and not exists (select from pg_temp.restated r where r.fact = f.fact)
  and not exists (select from pg_temp.restated r where r.fact is null and r.line = f.line)
  -- a file sent again leaves alone what was stated after it
  and (%(again)s::text is null or not exists (
      select from intake.batches b
      where b.batch = f.batch and b.staged_at > (
          select greatest(
              (select max(staged_at) from intake.batches where sha256 = %(again)s),
              (select max(known_at) from intake.known_files where sha256 = %(again)s)
          )
      )
  ))
order by f.fact
