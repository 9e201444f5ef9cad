update intake.facts f
set key = s.key, version = s.version, live = s.live, content = s.content, past = s.past, batch = s.batch,
    unit = s.unit, branch = s.branch, form = s.form, day = s.day, change = s.change, detail = s.detail
from unnest(%s::uuid[], %s::text[], %s::int[], %s::bool[], %s::bytea[], %s::bytea[], %s::uuid[], %s::text[], %s::text[],
            %s::text[], %s::date[], %s::text[], %s::text[])
     as s (fact, key, version, live, content, past, batch, unit, branch, form, day, change, detail)
where f.fact = s.fact
