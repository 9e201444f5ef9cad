-- Rosters that this file stated first, or that it was the last to say something of.
select unit, branch, day, detail from intake.facts
where change = 'roster_stated' and live
  and (dossier = %(sha256)s or batch in (select batch from intake.batches where sha256 = %(sha256)s))
