select count(*) filter (where state = 'queued'), count(*) filter (where state = 'held'),
    coalesce(sum(size), 0)::bigint, min(received_at)
from intake.posts
where state <> 'published'
