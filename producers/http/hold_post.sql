update intake.posts set state = 'held', again_at = %(again)s where post = %(post)s and state <> 'published'
