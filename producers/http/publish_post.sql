update intake.posts
set state = 'published', published_at = %(now)s, receipts = %(receipts)s, sealed = null, again_at = null,
    held_at = null, held_reason = '', held_where = ''
where post = %(post)s and state <> 'published'
