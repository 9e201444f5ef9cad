select post, state, format, received_at, published_at, receipts from intake.posts
where post = %(post)s and key_id = %(key_id)s
