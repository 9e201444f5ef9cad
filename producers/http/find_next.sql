-- A post whose publishing was begun before and not finished goes alone: it may be the reason.
select post, key_id, format, unit, dossier, replaces, size, begun
from intake.posts
where state = 'queued' or (state = 'held' and again_at <= %(now)s)
order by seq
limit %(limit)s
