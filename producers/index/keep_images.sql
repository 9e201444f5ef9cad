insert into intake.undo (batch, image)
select changed.batch, to_jsonb(f)
from unnest(%s::uuid[], %s::uuid[]) as changed (batch, fact)
join intake.facts f on f.fact = changed.fact
