-- Under the line that stated a fact first, and under the lines that have restated it since (those last).
select f.fact, f.key, f.version, f.live, f.content, f.past, f.batch, f.source, f.unit, f.branch, f.form, f.dossier,
       f.line, f.day, f.change, f.detail, '' as said_dossier, '' as said_line
from unnest(%(dossiers)s::text[], %(lines)s::text[]) as cited (dossier, line)
join intake.facts f
  on hashtextextended(f.dossier, 0) = hashtextextended(cited.dossier, 0)
 and f.line = cited.line and f.dossier = cited.dossier
union all
select f.fact, f.key, f.version, f.live, f.content, f.past, f.batch, f.source, f.unit, f.branch, f.form, f.dossier,
       f.line, f.day, f.change, f.detail, c.dossier, c.line
from unnest(%(dossiers)s::text[], %(lines)s::text[]) as cited (dossier, line)
join intake.corrections c
  on hashtextextended(c.dossier, 0) = hashtextextended(cited.dossier, 0)
 and c.line = cited.line and c.dossier = cited.dossier
join intake.facts f on f.fact = c.fact
order by dossier, line, fact
