update intake.posts
set state = 'held', again_at = %(again)s, held_at = coalesce(held_at, %(now)s), held_reason = %(reason)s,
    held_where = %(where)s
where post = %(post)s and state <> 'published'
