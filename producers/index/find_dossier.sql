select 1 from intake.facts
where hashtextextended(dossier, 0) = hashtextextended(%s, 0) and dossier = %s and source = %s
limit 1
