select change, unit, day, dossier, line
from intake.facts
where hashtextextended(key, 0) = hashtextextended(%(person)s, 0) and length(key) = 32 and key = %(person)s
  and live and change = any(%(changes)s)
order by day, change
