-- The number is one of each employer: which of them have had lines under it, or have replaced another one by it.
select coalesce(nullif(branch, ''), unit) from intake.facts
where hashtextextended(dossier, 0) = hashtextextended(%(dossier)s, 0) and dossier = %(dossier)s and source = %(source)s
union
select unit from intake.dossier_aliases where alias = %(dossier)s and source = %(source)s
