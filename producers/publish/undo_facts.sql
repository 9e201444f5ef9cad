-- The first image of a fact is what it was before the lost batches touched it.
update intake.facts f
set key = i.key, version = i.version, live = i.live, content = i.content, past = i.past, batch = i.batch,
    unit = i.unit, branch = i.branch, form = i.form, day = i.day, change = i.change, detail = i.detail
from (
    select distinct on (image ->> 'fact') (jsonb_populate_record(null::intake.facts, image)).*
    from intake.undo
    where batch = any(%(lost)s)
    order by image ->> 'fact', seq
) i
where f.fact = i.fact
