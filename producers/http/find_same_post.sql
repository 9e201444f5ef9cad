select post, content, state from intake.posts where key_id = %(key_id)s and idempotency = %(idempotency)s
