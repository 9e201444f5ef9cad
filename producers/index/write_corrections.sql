insert into intake.corrections (dossier, line, fact, batch)
select * from unnest(%s::text[], %s::text[], %s::uuid[], %s::uuid[])
