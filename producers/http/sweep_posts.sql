-- Receipts of posts that came to rest before the day: published, and none of their refused rows waits or was settled
-- since. Held and queued posts are never among them.
delete from intake.posts
where post in (
    select p.post
    from intake.posts p
    where p.state = 'published' and p.published_at < %(before)s
        and not exists (
            select
            from jsonb_array_elements(p.receipts) one
            join intake.quarantine q on q.batch = nullif(one.value ->> 'batch', '')::uuid
            where q.state = 'waiting' or q.settled_at >= %(before)s
        )
    order by p.published_at
    limit %(limit)s
    for update of p skip locked
)
