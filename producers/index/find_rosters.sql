select unit, branch, day from intake.facts
where change = 'roster_stated' and live and detail = 'complete' and (unit, branch) in (select * from unnest(%s::text[], %s::text[]))
order by unit, branch, day
