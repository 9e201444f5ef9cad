select distinct unit
from intake.facts
where hashtextextended(dossier, 0) = hashtextextended(%(dossier)s, 0)
  and dossier = %(dossier)s and source = %(source)s
