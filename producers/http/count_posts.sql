-- Posts that wait, and since when the oldest does.
select count(*) filter (where state = 'queued'), count(*) filter (where state = 'held'), min(received_at)
from intake.posts
where state <> 'published'
