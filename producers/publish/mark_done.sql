with forgotten as (delete from intake.undo where batch = any(%(batches)s::uuid[]))
update intake.batches set state = 'done' where batch = any(%(batches)s::uuid[])
