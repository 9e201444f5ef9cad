update intake.posts
set state = 'published', published_at = %(now)s, receipts = %(receipts)s, sealed = null, again_at = null
where post = %(post)s and state <> 'published'
