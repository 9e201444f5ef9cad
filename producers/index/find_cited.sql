select f.fact, f.key, f.version, f.live, f.content, f.past, f.batch, f.source, f.unit, f.branch, f.form, f.dossier,
       f.line, f.day, f.change, f.detail
from unnest(%s::text[], %s::text[]) as cited (dossier, line)
join intake.facts f
  on hashtextextended(f.dossier, 0) = hashtextextended(cited.dossier, 0)
 and f.line = cited.line and f.dossier = cited.dossier
order by f.dossier, f.line, f.fact
