-- The fact that says so stays under the id that it speaks of.
update intake.facts
set key = %(winner)s
where hashtextextended(key, 0) = hashtextextended(%(loser)s, 0) and length(key) = 32 and key = %(loser)s
  and change <> 'identity_merged'
