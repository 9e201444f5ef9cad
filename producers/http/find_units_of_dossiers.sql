select distinct f.unit
from unnest(%(dossiers)s::text[]) as named (dossier)
join intake.facts f
  on hashtextextended(f.dossier, 0) = hashtextextended(named.dossier, 0) and f.dossier = named.dossier
where f.source = %(source)s
